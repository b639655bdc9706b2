/**
 * Figures as the aggregate topics have them, in a namespace of their own. Topic by topic: read to the end, fold, write, then
 * compare with the live figures and with what was signed off. No more than the cells of one topic are held.
 */
import { asOfRestored, publishedFigures, restoredText, type RestoredNamespace } from '../domain/restored-namespace';
import { cellField, type Cubes } from '../domain/cubes';
import type { AsOf } from '../domain/figure-status';
import { limits } from '../limits';
import type { ClosedRecords } from '../closing/closed-records';
import type { FigureReader } from '../shell/figure-store';
import type { LogInspector } from '../shell/ports';
import type { RestoredStore } from '../shell/restored-store';
import { delay, monotonicMs } from '../shell/waiting';
import { publishedTopics, type TopicName, type View } from '../topology';
import { compareWithLive, whyNotComparable, type LiveComparison } from './compare-published';
import { currentValues, type HeldCells, type PublishedFold } from './published-fold';
import { PublishedTopic, type PublishedSource, type UnreadableRecord } from './read-published';
import { SignedOffMonths, standsAsSignedOff, type SignedOffCheck } from './signed-off';

export interface RestorePorts extends PublishedSource {
  readonly inspector: LogInspector;
  readonly records: ClosedRecords;
  readonly cubes: Cubes;
  readonly live: FigureReader;
  /** How often the live figures have changed their namespace. */
  readonly liveGeneration: number;
  /** The namespace that is written: empty. */
  readonly restored: FigureReader;
  readonly store: RestoredStore;
  readonly made: Pick<RestoredNamespace, 'profile' | 'partitions' | 'shards'>;
  readonly onProgress: (offsets: number, total: number) => void;
}
/** `changed-over`: the topics and the live figures are of different generations. */
export type NotCompared = 'empty' | 'catching-up' | 'changed-over';
export interface RestoredTopic {
  readonly topic: TopicName;
  readonly records: number;
  readonly cells: number;
  readonly values: number;
  readonly live: LiveComparison | { readonly notCompared: NotCompared };
}
export interface RestoreResult {
  readonly generation: number;
  readonly asOf: AsOf;
  readonly topics: readonly RestoredTopic[];
  readonly closed: readonly SignedOffCheck[];
  readonly unreadable: readonly UnreadableRecord[];
  /** Nothing that was compared differs, and every record could be read. */
  readonly sound: boolean;
}

/** What lies on the topics cannot be taken for figures, in words for the person that asked. */
export class NotRestorable extends Error {}

/** What one topic has come to. */
interface TakenTopic { readonly row: RestoredTopic; readonly generation: number; readonly positions: PublishedTopic['positions']; readonly definitions: ReadonlyMap<string, ReadonlySet<string>>; readonly unreadable: readonly UnreadableRecord[] }

/** @throws NotRestorable when the namespace is taken, or the topics do not hold the figures of one generation. */
export async function restorePublished(ports: RestorePorts): Promise<RestoreResult> {
  const begun: RestoredNamespace = { ...ports.made, complete: false, kept: publishedFigures(ports.cubes), generation: 0, streamTimeMs: 0, sourceOffsets: {}, definitions: {} };
  if (!(await ports.store.begin(restoredText(begun)))) throw new NotRestorable('somebody else writes into this namespace');
  const signedOff = await SignedOffMonths.read(ports.records, ports.inspector, (hash) => begun.kept.some((figures) => hash.startsWith(`${figures}/`)));
  const progress = await progressOf(ports);
  const taken: TakenTopic[] = [];
  for (const [view, topic] of Object.entries(publishedTopics) as [View, TopicName][]) taken.push(await takeTopic(view, topic, signedOff, progress, ports));
  const whole: RestoredNamespace = { ...begun, ...joined(taken), complete: true };
  await ports.store.describe(restoredText(whole));
  const [topics, closed, unreadable] = [taken.map(({ row }) => row), signedOff.checks, taken.flatMap((each) => each.unreadable)];
  const differs = topics.some(({ live }) => 'differences' in live && live.differences.length > 0);
  return { generation: whole.generation, asOf: asOfRestored(whole), topics, closed, unreadable, sound: !differs && unreadable.length === 0 && closed.every(standsAsSignedOff) };
}

async function progressOf({ inspector, onProgress }: RestorePorts): Promise<(offsets: number) => void> {
  let [done, total] = [0, 0];
  for (const topic of Object.values(publishedTopics)) for (const { start, end } of await inspector.offsets(topic)) total += end - start;
  /** What comes meanwhile is read too. */
  return (offsets) => onProgress((done = Math.min(total, done + offsets)), total);
}

async function takeTopic(view: View, topic: TopicName, signedOff: SignedOffMonths, onOffsets: (offsets: number) => void, ports: RestorePorts): Promise<TakenTopic> {
  const published = await PublishedTopic.open(topic, ports);
  await published.readOn(onOffsets);
  await untilWhole(published);
  await write(published.fold, ports.store, 'fresh');
  const readOn = async (): Promise<void> => {
    await published.readOn();
    await write(published.fold, ports.store, 'written');
  };
  const live = await comparison(view, published, readOn, ports);
  const { fold, positions, unreadable, records } = published;
  signedOff.compare(view, fold.cells);
  return { row: { topic, records, ...sizeOf(fold.cells), live }, generation: fold.generation, positions, definitions: definitionsOf(fold.cells), unreadable };
}

/** A topic whose end has not come would be a mixture, and what the figures were before may be compacted away. */
async function untilWhole(published: PublishedTopic): Promise<void> {
  for (const startMs = monotonicMs(); published.fold.changingOver.length > 0; ) {
    const places = published.fold.changingOver.map((partition) => `${published.topic}/${partition}`).join(', ');
    if (monotonicMs() - startMs > limits.changeOverWaitMs) throw new NotRestorable(`${places} changes over to other figures, and the end of it does not come: it is written by publish. Ask again when it runs ("tidewaiter status")`);
    await delay(limits.restoredLookMs);
    await published.readOn();
  }
}

async function comparison(view: View, { fold, positions }: PublishedTopic, readOn: () => Promise<void>, { live, liveGeneration, restored, cubes }: RestorePorts): Promise<RestoredTopic['live']> {
  const why = await whyNotComparable(live, positions.offsets);
  const notCompared = why !== 'empty' && fold.generation !== liveGeneration ? 'changed-over' : why;
  return notCompared === undefined ? compareWithLive(view, cubes, { live, restored, readOn }) : { notCompared };
}

/** Cells that have changed, as they are now. In a hash that was written before, a zero has to replace what is there. */
async function write(fold: PublishedFold, store: RestoredStore, hashes: 'fresh' | 'written'): Promise<void> {
  const changed = new Map<string, { readonly shard: number; readonly hash: string; readonly fields: Map<string, string> }>();
  for (const [key, cell] of fold.takeChanged()) {
    const bar = key.indexOf('|');
    const [hash, name, shard] = [key.slice(0, bar), key.slice(bar + 1), cell.partition % store.shards];
    let part = changed.get(`${shard} ${hash}`);
    if (!part) changed.set(`${shard} ${hash}`, (part = { shard, hash, fields: new Map<string, string>() }));
    for (const [measure, value] of currentValues(cell)) if (value !== 0n || hashes === 'written') part.fields.set(cellField(name, measure), value.toString());
  }
  for (const { shard, hash, fields } of changed.values()) if (fields.size > 0) await store.put(shard, hash, fields);
}

function sizeOf(held: HeldCells): { cells: number; values: number } {
  let [cells, values] = [0, 0];
  for (const ofHash of held.values()) {
    for (const cell of ofHash.values()) {
      const notZero = [...currentValues(cell).values()].filter((value) => value !== 0n).length;
      values += notZero;
      if (notZero > 0) cells++;
    }
  }
  return { cells, values };
}

/** By month. */
function definitionsOf(held: HeldCells): Map<string, Set<string>> {
  const byMonth = new Map<string, Set<string>>();
  for (const [hash, cells] of held) {
    const month = hash.slice(hash.lastIndexOf('/') + 1).slice(0, '2026-03'.length);
    const names = byMonth.get(month) ?? new Set<string>();
    for (const { definitions, withdrawn } of cells.values()) if (!withdrawn) names.add(definitions);
    if (names.size > 0) byMonth.set(month, names);
  }
  return byMonth;
}

/** What all topics reflect. @throws NotRestorable when they are of different generations. */
function joined(taken: readonly TakenTopic[]): Pick<RestoredNamespace, 'generation' | 'streamTimeMs' | 'sourceOffsets' | 'definitions'> {
  const generations = new Set(taken.map(({ generation }) => generation));
  if (generations.size > 1) throw new NotRestorable('other figures have gone live meanwhile, and some topics hold those of before: ask again');
  const sourceOffsets: Record<string, number> = {};
  const definitions: Record<string, string> = {};
  for (const { positions: { offsets } } of taken) for (const [place, next] of Object.entries(offsets)) sourceOffsets[place] = Math.min(next, sourceOffsets[place] ?? Infinity);
  for (const month of new Set(taken.flatMap((each) => [...each.definitions.keys()]))) {
    const names = taken.flatMap((each) => [...(each.definitions.get(month) ?? [])]).flatMap((name) => name.split(', '));
    definitions[month] = [...new Set(names)].sort().join(', ');
  }
  const times = taken.map(({ positions }) => positions.streamTimeMs).filter((time) => time > 0);
  return { generation: Math.max(...generations), streamTimeMs: times.length === 0 ? 0 : Math.min(...times), sourceOffsets, definitions };
}
