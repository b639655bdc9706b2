/**
 * End-to-end latency under a steady load. Probes are declarations with an office of their own, so that one
 * cell of the aggregate topic belongs to one probe: raw append to aggregate append is read off the broker's
 * clock alone. Raw append to Redis is read off the positions, looked at every few milliseconds.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RawDeclaration } from '../../services/domain/declaration';
import { markKey, parsePosition } from '../../services/domain/position';
import type { Encoder } from '../../services/shell/avro/codec';
import type { FigureReader } from '../../services/shell/figure-store';
import type { Log, Sink } from '../../services/shell/ports';
import { countedTopic, rawTopic } from '../../services/topology';
import { percentiles, type Percentiles } from './percentiles';

const PROBE_INTERVAL_MS = 40;
const LOOK_INTERVAL_MS = 5;
const SETTLE_MS = 5_000;

/** Missing: had not come through when measuring ended, the rate was not kept up. */
export interface Latencies { readonly toRedis: Percentiles; readonly toTopic: Percentiles }
interface Probe { readonly partition: number; readonly offset: number; readonly appendedMs: number; redisMs?: number }

export interface LatencyPorts {
  readonly log: Log;
  readonly sink: Sink;
  readonly reader: FigureReader;
  readonly encoder: Encoder;
  readonly partitions: number;
  probe(id: string, office: string): RawDeclaration;
}

/** Sends probes for `seconds`; the load runs beside it. `first`: number of the first probe, where others were sent before. */
export async function measureLatency(ports: LatencyPorts, seconds: number, first = 1): Promise<Latencies> {
  const probes = new Map<string, Probe>();
  const publishedMs = new Map<string, number>();
  const tail = await ports.log.tail(['customs.aggregates.revenue.v1'], (_topic, _partition, record) => {
    const office = /(?:^|[|])(PROBE[0-9]+)/.exec(record.key?.toString('utf8') ?? '')?.[1];
    if (office !== undefined && !publishedMs.has(office)) publishedMs.set(office, record.timestamp);
  });
  let sending = true;
  const looking = look(ports, probes, () => sending);
  const endMs = Date.now() + seconds * 1_000;
  for (let number = first; Date.now() < endMs; number++) {
    const office = `PROBE${number}`;
    const id = `PROBE-${process.pid}-${number}`;
    const partition = ports.log.partitionOf(id, ports.partitions);
    const [acknowledged] = await ports.sink.send([{ topic: rawTopic, partition, key: id, value: ports.encoder.encode(ports.probe(id, office)) }]);
    if (acknowledged) probes.set(office, { partition, offset: acknowledged.baseOffset, appendedMs: acknowledged.logAppendTime });
    await delay(PROBE_INTERVAL_MS);
  }
  await delay(SETTLE_MS);
  sending = false;
  await looking;
  await tail.stop();
  return latenciesOf(probes, publishedMs);
}

/** Stamps each probe with the first look at which the position of its partition is past it. */
async function look({ reader }: LatencyPorts, probes: ReadonlyMap<string, Probe>, goOn: () => boolean): Promise<void> {
  const waiting = new Map<string, Probe>();
  while (goOn()) {
    for (const [office, probe] of probes) if (probe.redisMs === undefined) waiting.set(office, probe);
    const { positions } = await reader.readCells(0, []);
    const nowMs = Date.now();
    const marks = new Map(positions.filter(({ topic }) => topic === countedTopic).map(({ partition, position }) => [partition, parsePosition(position)?.marks ?? {}]));
    for (const [office, probe] of waiting) {
      if ((marks.get(probe.partition)?.[markKey('declaration', probe.partition)] ?? -1) < probe.offset) continue;
      probe.redisMs = nowMs;
      waiting.delete(office);
    }
    await delay(LOOK_INTERVAL_MS);
  }
}

function latenciesOf(probes: ReadonlyMap<string, Probe>, publishedMs: ReadonlyMap<string, number>): Latencies {
  return {
    toRedis: percentiles([...probes.values()].map(({ appendedMs, redisMs }) => (redisMs ?? Infinity) - appendedMs)),
    toTopic: percentiles([...probes].map(([office, { appendedMs }]) => (publishedMs.get(office) ?? Infinity) - appendedMs)),
  };
}
