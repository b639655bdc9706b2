/**
 * Asks Kafka and Redis how far everything is, within a fixed time: what has not answered by then stays
 * unknown. Read in the order of the flow, so that nothing on its way slips between two looks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parsePosition } from '../domain/position';
import { rawRecords } from '../shell/books';
import { BOOKS_HASH, type FigureReader, type PositionOf } from '../shell/figure-store';
import { behind } from '../shell/drained';
import { limits } from '../limits';
import type { LogInspector } from '../shell/ports';
import { aggregateInputs, flow, type TopicName } from '../topology';
import { within } from '../shell/within';
import type { Lag, StatusFindings } from './status-report';

interface Range { readonly partition: number; readonly start: number; readonly end: number }
type Ends = ReadonlyMap<TopicName, readonly Range[]>;
type Found = { lags: Map<string, Lag>; produced: Map<string, number>; outside: string[]; raw: number | undefined; bookFields: ReadonlyMap<string, string> | undefined };

/** Share of the time that Redis waits for Kafka's end offsets before it is asked without them. */
const KAFKA_SHARE = 0.6;

/** Connected when they are asked: neither may answer at all. */
export interface StatusPorts { inspector(): Promise<LogInspector>; reader(): FigureReader }

export async function statusFindings(ports: StatusPorts, milliseconds: number): Promise<StatusFindings> {
  const found: Found = { lags: new Map(), produced: new Map(), outside: [], raw: undefined, bookFields: undefined };
  const kafka = askKafka(ports, found);
  const ends = within(milliseconds * KAFKA_SHARE, kafka).catch(() => undefined);
  const redis = ends.then((known) => askRedis(ports, found, known));
  await Promise.race([redis.catch(() => undefined), delay(milliseconds, undefined, { ref: false })]);
  return { lags: new Map(found.lags), produced: new Map(found.produced), outside: [...found.outside], raw: found.raw, bookFields: found.bookFields };
}

const producedTo = (ranges: readonly Range[]): number => ranges.reduce((sum, { end }) => sum + end, 0);

async function askKafka(ports: StatusPorts, found: Found): Promise<Ends> {
  const inspector = await ports.inspector();
  for (const { name, input } of flow) {
    const ranges = await inspector.offsets(input);
    const committed = await inspector.committed(name, input);
    found.lags.set(name, lagOf(found, name, input, ranges, (partition) => committed.find((position) => position.partition === partition)?.offset));
    found.produced.set(name, producedTo(ranges));
    if (name === 'ingest') found.raw = rawRecords(ranges, committed);
  }
  return endsOf(inspector);
}

async function endsOf(inspector: LogInspector): Promise<Ends> {
  return new Map(await Promise.all(aggregateInputs.map(async (topic) => [topic, await inspector.offsets(topic)] as const)));
}

/** Positions outside their log are named besides: such a partition is stopped, however small the number. */
function lagOf(found: Pick<Found, 'outside'>, stage: string, topic: TopicName, ranges: readonly Range[], nextOf: (partition: number) => number | undefined): Lag {
  return Object.fromEntries(ranges.map(({ partition, ...range }) => {
    const { records, outside } = behind(range, nextOf(partition));
    if (outside !== undefined) found.outside.push(`${stage}, ${topic}/${partition}: ${outside}`);
    return [String(partition), records];
  }));
}

async function askRedis(ports: StatusPorts, found: Found, ends: Ends | undefined): Promise<void> {
  const reader = ports.reader();
  const answer = await reader.readFigures([BOOKS_HASH], limits.queryFields);
  if (!('positions' in answer)) return;
  found.bookFields = answer.hashes[0]?.fields ?? new Map<string, string>();
  if (ends) {
    found.lags.set('aggregate', aggregateLag(found, ends, answer.positions));
    found.produced.set('aggregate', [...ends.values()].reduce((sum, ranges) => sum + producedTo(ranges), 0));
  }
  found.lags.set('publish', { '0': await reader.changesLength() });
}

/** Both topics that aggregate reads, added up by partition. */
function aggregateLag(found: Found, ends: Ends, positions: readonly PositionOf[]): Lag {
  const sums: Record<string, number> = {};
  for (const [topic, ranges] of ends) {
    const lag = lagOf(found, 'aggregate', topic, ranges, (partition) => parsePosition(positions.find((position) => position.topic === topic && position.partition === partition)?.position ?? '')?.next);
    for (const [partition, records] of Object.entries(lag)) sums[partition] = (sums[partition] ?? 0) + records;
  }
  return sums;
}
