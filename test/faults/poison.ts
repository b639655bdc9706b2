/** Records that no stage can use, one in a hundred, in bursts: each must be refused, and cost nothing but itself. */
import type { Random } from '../../services/generate/random';
import { avroType, Encoder, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import { ownSchemaId } from '../../services/shell/stage-codec';
import type { RawDeclaration } from '../../services/domain/declaration';
import { rawTopic, rejectedTopic } from '../../services/topology';
import type { RunningSystem } from '../support/running-system';
import { amount, raw, item } from '../support/declarations';
import { pause } from '../support/until';
import type { Fault } from './fault';

const SHARE = 0.01;
const BURSTS = 3;
const BURST_PAUSE_MS = 1_500;
const HUGE_BYTES = 800_000;
const HOUR_MS = 3_600_000;
const NOT_UTF8 = Buffer.from([0xff, 0xfe]);

type Make = (number: number) => Buffer | null;

async function kinds(system: RunningSystem): Promise<Readonly<Record<string, Make>>> {
  const registry = connectRegistry(system.config);
  const encoder = new Encoder(await ownSchemaId(registry, rawTopic), avroType(topicSchema(rawTopic)));
  const otherId = await ownSchemaId(registry, rejectedTopic);
  const at = Date.now() - HOUR_MS;
  const declared = (number: number, changes: Partial<RawDeclaration> = {}): Buffer => Buffer.from(encoder.encode(raw({ declarationId: `POISON-${number}`, eventId: `POISON-${number}/1`, occurredAt: at, acceptedAt: at, ...changes })));
  const framed = (id: number, bytes: Buffer): Buffer => { bytes.writeUInt32BE(id, 1); return bytes; };
  return {
    'empty': () => null,
    'not Avro': () => Buffer.from('{"this is": "no Avro"}'),
    'shorter than a frame': () => Buffer.alloc(3),
    'unknown schema id': (number) => framed(987_654_321, declared(number)),
    'schema of another topic': (number) => framed(otherId, declared(number)),
    'cut short': (number) => { const whole = declared(number); return whole.subarray(0, FRAME_BYTES + (number % (whole.length - FRAME_BYTES))); },
    'huge': (number) => Buffer.concat([declared(number), Buffer.alloc(HUGE_BYTES, 7)]),
    'huge, no frame': () => Buffer.alloc(HUGE_BYTES, 7),
    'not UTF-8': (number) => { const bytes = declared(number); NOT_UTF8.copy(bytes, bytes.indexOf('POISON')); return bytes; },
    'in the year 9999': (number) => declared(number, { occurredAt: Date.UTC(9999, 11, 31) }),
    'before 1988': (number) => declared(number, { acceptedAt: Date.UTC(1, 0, 1) }),
    'more than can be counted': (number) => declared(number, { items: [item({ invoiceAmount: { amount: amount(`1${'0'.repeat(16)}`), currency: 'CDF' } })] }),
  };
}

async function bursts(system: RunningSystem, random: Random, records: number, strike: () => Promise<void>): Promise<void> {
  const makers = Object.values(await kinds(system));
  const log = system.log();
  const sink = await log.sink();
  const { TIDEWAITER_PARTITIONS: partitions } = system.config;
  await strike();
  for (let burst = 0; burst < BURSTS; burst++) {
    await sink.send(Array.from({ length: Math.ceil(records / BURSTS) }, (_, index) => {
      const number = burst * records + index;
      return { topic: rawTopic, partition: random.between(0, partitions - 1), key: `poison-${number}`, value: (makers[number % makers.length] as Make)(random.between(1, 1_000_000)) };
    }));
    await pause(BURST_PAUSE_MS);
  }
  await sink.close();
  await log.close();
}

/** At least one record of each kind. */
export const poison: Fault = { act: async ({ system, random, events, strike }) => bursts(system, random, Math.max(36, events * SHARE), strike) };
