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
import type { FiguresPlace } from '../domain/namespace-directory';
import type { Lag, PromotedStatus, StatusFindings } from './status-report';

interface Range { readonly partition: number; readonly start: number; readonly end: number }
type Ends = ReadonlyMap<TopicName, readonly Range[]>;
type Found = { lags: Map<string, Lag>; produced: Map<string, number>; outside: string[]; raw: number | undefined; bookFields: ReadonlyMap<string, string> | undefined; promoted: PromotedStatus | null | undefined };

/** Share of the time that Redis waits for Kafka's end offsets before it is asked without them. */
const KAFKA_SHARE = 0.6;

/** Connected when they are asked: neither may answer at all. */
export interface StatusPorts {
  inspector(): Promise<LogInspector>;
  reader(): FigureReader;
  /** The figures that everybody reads where a replay was promoted; undefined: those of the live services. */
  promoted(): Promise<PromotedFigures | undefined>;
}
export interface PromotedFigures extends FiguresPlace { readonly reader: FigureReader }

export async function statusFindings(ports: StatusPorts, milliseconds: number): Promise<StatusFindings> {
  const found: Found = { lags: new Map(), produced: new Map(), outside: [], raw: undefined, bookFields: undefined, promoted: undefined };
  const kafka = askKafka(ports, found);
  const ends = within(milliseconds * KAFKA_SHARE, kafka).catch(() => undefined);
  const redis = ends.then((known) => askRedis(ports.reader(), found, known));
  const all = Promise.all([redis.catch(() => undefined), askPromoted(ports, found).catch(() => undefined)]);
  await Promise.race([all, delay(milliseconds, undefined, { ref: false })]);
  return { lags: new Map(found.lags), produced: new Map(found.produced), outside: [...found.outside], raw: found.raw, bookFields: found.bookFields, promoted: found.promoted };
}

async function askPromoted(ports: StatusPorts, found: Found): Promise<void> {
  const figures = await ports.promoted();
  if (!figures) {
    found.promoted = null;
    return;
  }
  const inspector = await ports.inspector();
  const workers = await inspector.members('aggregate', figures.name);
  const ends = await endsOf(inspector, figures.inputs);
  const answer = await figures.reader.readFigures([], 0);
  if (!('positions' in answer)) return;
  found.lags.set('replay', countedLag('replay', found, ends, answer.positions));
  found.promoted = { namespace: figures.name, workers };
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
  return endsOf(inspector, aggregateInputs);
}

async function endsOf(inspector: LogInspector, topics: readonly TopicName[]): Promise<Ends> {
  return new Map(await Promise.all(topics.map(async (topic) => [topic, await inspector.offsets(topic)] as const)));
}

/** Positions outside their log are named besides: such a partition is stopped, however small the number. */
function lagOf(found: Pick<Found, 'outside'>, stage: string, topic: TopicName, ranges: readonly Range[], nextOf: (partition: number) => number | undefined): Lag {
  return Object.fromEntries(ranges.map(({ partition, ...range }) => {
    const { records, outside } = behind(range, nextOf(partition));
    if (outside !== undefined) found.outside.push(`${stage}, ${topic}/${partition}: ${outside}`);
    return [String(partition), records];
  }));
}

async function askRedis(reader: FigureReader, found: Found, ends: Ends | undefined): Promise<void> {
  const answer = await reader.readFigures([BOOKS_HASH], limits.queryFields);
  if (!('positions' in answer)) return;
  found.bookFields = answer.hashes[0]?.fields ?? new Map<string, string>();
  if (ends) {
    found.lags.set('aggregate', countedLag('aggregate', found, ends, answer.positions));
    found.produced.set('aggregate', [...ends.values()].reduce((sum, ranges) => sum + producedTo(ranges), 0));
  }
  found.lags.set('publish', { '0': await reader.changesLength() });
}

/** All topics that are counted, added up by partition. */
function countedLag(counting: 'aggregate' | 'replay', found: Pick<Found, 'outside'>, ends: Ends, positions: readonly PositionOf[]): Lag {
  const sums: Record<string, number> = {};
  for (const [topic, ranges] of ends) {
    const lag = lagOf(found, counting, topic, ranges, (partition) => parsePosition(positions.find((position) => position.topic === topic && position.partition === partition)?.position ?? '')?.next);
    for (const [partition, records] of Object.entries(lag)) sums[partition] = (sums[partition] ?? 0) + records;
  }
  return sums;
}
