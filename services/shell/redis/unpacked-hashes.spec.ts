import { UnpackedHashes } from './unpacked-hashes';

/** MessagePack: an array of short texts. */
const packed = (...texts: readonly string[]): Buffer => Buffer.concat([Buffer.from([0x90 | texts.length]), ...texts.map((text) => Buffer.concat([Buffer.from([0xa0 | text.length]), Buffer.from(text)]))]);
const limits = { bytes: 24, bytesOfHash: 12, hashesAtOnce: 3 };

test('what has not changed is the same map as before, and what has is another one', () => {
  const hashes = new UnpackedHashes(limits);
  const first = hashes.of('h', packed('a', '1'), 1);
  expect([...first]).toEqual([['a', '1']]);
  expect(hashes.of('h', packed('a', '1'), 1)).toBe(first);
  const second = hashes.of('h', packed('a', '2'), 1);
  expect([...second]).toEqual([['a', '2']]);
  expect([...first]).toEqual([['a', '1']]);
  expect(hashes.of('h', packed('a', '2'), 1)).toBe(second);
});

test('the buffer that it came in is not held', () => {
  const hashes = new UnpackedHashes(limits);
  const reply = packed('a', '1');
  const first = hashes.of('h', reply, 1);
  reply.fill(0);
  expect(hashes.of('h', packed('a', '1'), 1)).toBe(first);
});

test('kept are so many bytes, those read last; a large hash, and one of many, are not', () => {
  const hashes = new UnpackedHashes(limits);
  const [large, one] = [packed('a', '1234567890'), packed('a', '1')];
  expect(hashes.of('large', large, 1)).not.toBe(hashes.of('large', large, 1));
  expect(hashes.of('many', one, 4)).not.toBe(hashes.of('many', one, 4));
  const kept = ['1', '2', '3', '4'].map((key) => hashes.of(key, one, 1));
  expect(hashes.of('1', one, 1)).toBe(kept[0]);
  hashes.of('5', one, 1);
  expect(hashes.of('1', one, 1)).toBe(kept[0]);
  expect(hashes.of('2', one, 1)).not.toBe(kept[1]);
});

test('without bytes nothing is kept', () => {
  const hashes = new UnpackedHashes({ ...limits, bytes: 0 });
  expect(hashes.of('h', packed('a', '1'), 1)).not.toBe(hashes.of('h', packed('a', '1'), 1));
});
