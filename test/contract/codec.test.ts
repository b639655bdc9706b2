/** Avro as this system writes and reads it: decimals, framing, damaged bytes, growing schemas. */
import * as fc from 'fast-check';
import { avroType, Decoder, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { raw } from '../support/declarations';

const decimal = avroType({ type: 'bytes', logicalType: 'decimal', precision: 38, scale: 4 });

test('decimals of any size and sign are the shortest two’s complement, and come back', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }), (value) => {
    const bytes = decimal.toBuffer(value);
    expect(decimal.fromBuffer(bytes)).toBe(value);
    const content = bytes.subarray(1);
    let expected = BigInt.asIntN(8 * content.length, BigInt(`0x${content.toString('hex')}`));
    expect(expected).toBe(value);
    expected = BigInt.asIntN(8 * Math.max(1, content.length - 1), BigInt(`0x${content.subarray(1).toString('hex') || '0'}`));
    if (content.length > 1) expect(expected).not.toBe(value);
  }), { numRuns: 1_000 });
});

describe('a topic', () => {
  const registry = new MemoryRegistry();
  const schema = topicSchema('customs.declarations.raw.v1');
  const type = avroType(schema);
  let encoder: Encoder;
  let decoder: Decoder<{ declarationId: string }>;
  beforeAll(async () => {
    encoder = new Encoder(await registry.register('raw', JSON.stringify(schema)), type);
    decoder = new Decoder(type, registry);
    await decoder.prepare([encoder.encode(raw())], 0);
  });

  test('a framed value comes back whole', () => {
    const decoded = decoder.decode(encoder.encode(raw()));
    expect('value' in decoded && type.toBuffer(decoded.value).equals(type.toBuffer(raw()))).toBe(true);
  });

  test('whatever is cut off, added or changed is a failure or another value, and never throws', () => {
    const whole = Buffer.from(encoder.encode(raw()));
    for (let length = 0; length < whole.length; length++) expect('failure' in decoder.decode(whole.subarray(0, length))).toBe(true);
    expect(decoder.decode(Buffer.concat([whole, Buffer.from([0])]))).toMatchObject({ failure: 'E-DECODE-CONTENT' });
    expect(decoder.decode(null)).toMatchObject({ failure: 'E-DECODE-EMPTY' });
    expect(decoder.decode(Buffer.from('{"json":true}'))).toMatchObject({ failure: 'E-DECODE-FRAME' });
    fc.assert(fc.property(fc.nat(whole.length - 6), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = Buffer.from(whole);
      damaged[at + 5] = (damaged[at + 5] as number) ^ flip;
      const decoded = decoder.decode(damaged);
      expect('failure' in decoded || 'value' in decoded).toBe(true);
      if ('failure' in decoded) expect(decoded.detail).not.toContain('TRADER-SECRET');
    }), { numRuns: 20_000 });
  });

  /** Seen: a flipped byte in a block count made the client push items until the process died. */
  test('a block that claims 2^40 items, or a size below zero, is refused at once', () => {
    const bytes = type.toBuffer(raw({ items: [], payments: [] }));
    const claims = (count: readonly number[]): Buffer => Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), bytes.subarray(0, -2), Buffer.from([...count, 0])]);
    const startMs = Date.now();
    expect(decoder.decode(claims([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]))).toMatchObject({ failure: 'E-DECODE-CONTENT' });
    expect(decoder.decode(claims([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x7f]))).toMatchObject({ failure: 'E-DECODE-CONTENT' });
    expect(Date.now() - startMs).toBeLessThan(500);
  });

  test('a schema id that the registry does not know is a failure; an unreachable registry is not an answer', async () => {
    const unknown = Buffer.from(encoder.encode(raw()));
    unknown.writeUInt32BE(4_711, 1);
    await decoder.prepare([unknown], 0);
    expect(decoder.decode(unknown)).toMatchObject({ failure: 'E-DECODE-SCHEMA' });
    registry.goAway();
    unknown.writeUInt32BE(4_712, 1);
    await expect(decoder.prepare([unknown], 0)).rejects.toThrow();
    registry.comeBack();
  });
});
