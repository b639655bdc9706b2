/**
 * What the raw log must have come to, worked out again by other means: the records that lie in it, the generator's
 * own slow arithmetic (which shares nothing with the services), and what the topics and the store hold in the end.
 */
import type { Type } from 'avsc';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { ledgerSchema, topicSchema } from '../../services/shell/avro/schema-files';
import { contributionDays } from '../../services/domain/contribution-days';
import type { CountedFacts } from '../../services/domain/facts';
import { Calendar } from '../../services/domain/period';
import type { MadeEvent } from '../../services/generate/generate';
import { alertTopic, publishedTopics, rawTopic, rejectedTopic, type TopicName } from '../../services/topology';
import { readCubes, readProfile } from '../../services/shell/definition-files';
import { unpackIndex } from '../../services/shell/index-of-days';
import { published, unlikeRepeats } from '../support/log-audit';
import { recount, recounted } from '../support/recount';
import { differencesOf, type Cells } from '../support/redis-cells';
import type { SourceRecord } from '../../services/shell/ports';
import type { SimulatedSystem } from './system';

const ALERT_LEVEL = 3;
const CELLS = '{tw:live:0}:cell/';

/** Everything that is not as it must be, at most twenty of each kind; empty when all is well. */
export function audit(system: SimulatedSystem, sent: ReadonlyMap<string, MadeEvent>): string[] {
  const log = recordsOf(system, rawTopic);
  const { expected, refused, undecodable } = recount(log, sent);
  const store = storeOf(system);
  const books = store.plain('books');
  const total = log.length;
  const booked = ['counted', 'leftOut', 'refused', 'ignored'].reduce((sum, book) => sum + Number(books.get(book) ?? 0), 0);
  return [
    ...differencesOf(expected, store.cells),
    ...(booked === total ? [] : [`books: ${total} records in the raw log, ${booked} in the books: ${JSON.stringify([...books])}`]),
    ...ignored(system, books),
    ...refusals(refused + undecodable, books, recordsOf(system, rejectedTopic)),
    ...finerGrains(store.all),
    ...published((topic) => recordsOf(system, topic), store.all),
    ...publishedOnceCompacted(system, store.all),
    ...unlikeRepeats((topic) => recordsOf(system, topic)),
    ...alerts(system),
    ...unindexed(system),
  ];
}

function recordsOf(system: SimulatedSystem, topic: TopicName): SourceRecord[] {
  return system.broker.partitions(topic).flatMap((partition) => [...(partition.fetch(partition.start, Infinity)?.records ?? [])]);
}

interface Store { readonly all: Cells; readonly cells: Cells; plain(hash: string): ReadonlyMap<string, string> }

/** `cells`: those that the expected figures speak of, by day and month. */
function storeOf(system: SimulatedSystem): Store {
  const all = new Map<string, bigint>();
  const plain = new Map<string, Map<string, string>>();
  for (const [key, fields] of system.store.figures.dump(system.store.keys)) {
    if (!key.startsWith(CELLS) || typeof fields === 'string') continue;
    const hash = key.slice(CELLS.length);
    if (!hash.includes('/')) { plain.set(hash, new Map(Object.entries(fields))); continue; }
    for (const [field, value] of Object.entries(fields)) if (value !== '0') all.set(`${hash} ${field}`, BigInt(value));
  }
  return { all, cells: recounted(all), plain: (hash) => plain.get(hash) ?? new Map() };
}

/** Each refused record is in the books once, and on the topic under one id. */
function refusals(expected: number, books: ReadonlyMap<string, string>, rejected: readonly SourceRecord[]): string[] {
  const ids = new Set(rejected.map(({ key }) => key?.toString() ?? ''));
  const found: string[] = [];
  if (Number(books.get('refused') ?? 0) !== expected) found.push(`refused: ${expected} expected, ${books.get('refused') ?? 0} in the books`);
  if (ids.size !== expected) found.push(`refused: ${expected} expected, ${ids.size} ids on the topic`);
  return found;
}

/** Minutes and hours of a combination add up to what its days, or the days of one that keeps more, say. */
function finerGrains(cells: Cells): string[] {
  const found: string[] = [];
  for (const { view, combinations } of Object.values(readCubes())) {
    const sums = new Map<string, bigint>();
    for (const [key, amount] of cells) {
      const [, of, id, grain, measure] = /^(\w+)\/([^/]+)\/(\w+)\/.*:([\w.-]+)$/s.exec(key) ?? [];
      if (of !== view || measure?.startsWith('quantity.')) continue;
      const sum = `${id} ${grain} ${measure}`;
      sums.set(sum, (sums.get(sum) ?? 0n) + amount);
    }
    for (const measure of new Set([...sums.keys()].map((sum) => sum.split(' ')[2] as string))) {
      const totals = combinations.flatMap(({ id, grains }) => grains.map((grain) => [`${id} by ${grain}`, sums.get(`${id} ${grain} ${measure}`)] as const)).filter(([, total]) => view !== 'quality' || total !== undefined);
      const [first] = totals;
      for (const [name, total] of totals) if ((total ?? 0n) !== (first?.[1] ?? 0n)) found.push(`${view} ${measure}: ${first?.[0]} ${first?.[1]}, ${name} ${total}`);
    }
  }
  return found.slice(0, 20);
}

/** A subscriber that comes later finds the last record of each key alone, whatever its revision. */
function publishedOnceCompacted(system: SimulatedSystem, cells: Cells): string[] {
  for (const topic of Object.values(publishedTopics)) system.broker.compact(topic);
  return published((topic) => recordsOf(system, topic), cells).map((difference) => `once compacted: ${difference}`);
}

/** Each date of each ledger entry is in the index of days, or the declaration could not be found by it. */
function unindexed({ store: { figures: { data }, keys } }: SimulatedSystem): string[] {
  const calendar = new Calendar(readProfile('CD').timeZone);
  const facts = avroType(ledgerSchema());
  const found: string[] = [];
  for (const [key, entries] of data.hashes) {
    const partition = Number(/:ledger\/(\d+)\//.exec(key)?.[1] ?? NaN);
    if (Number.isNaN(partition)) continue;
    for (const [id, entry] of entries) {
      for (const day of contributionDays(facts.fromBuffer(entry as Buffer) as CountedFacts, calendar)) {
        if (![...unpackIndex(data.indexes.get(keys.index(partition) + day) ?? Buffer.alloc(0))].includes(id)) found.push(`index: ${id} is not in ${day} of partition ${partition}`);
      }
    }
  }
  return found.slice(0, 20);
}

interface Decided { readonly accepted: { readonly origin: { readonly partition: number; readonly offset: number }; readonly eventId: string; readonly declarationId: string; readonly version: number; readonly occurredAt: number } }
interface Screened { readonly standardized: Decided; readonly hits: readonly { readonly itemNumber: number; readonly listId: string; readonly rowId: string; readonly level: number }[] }
interface Alert { readonly declarationId: string; readonly version: number; readonly itemNumber: number; readonly listId: string; readonly rowId: string }

const valuesOf = (system: SimulatedSystem, topic: TopicName): { type: Type; bytes: Buffer[] } => ({
  type: avroType(topicSchema(topic)), bytes: recordsOf(system, topic).flatMap(({ value }) => (value === null ? [] : [value.subarray(FRAME_BYTES)])),
});

/** Ignored is what comes behind a version that is as high or higher, in the order of the log; crash repeats are in no book. */
function ignored(system: SimulatedSystem, books: ReadonlyMap<string, string>): string[] {
  const { type, bytes } = valuesOf(system, 'customs.declarations.enriched.v1');
  const highest = new Map<string, Decided['accepted']>();
  const origins = new Set<string>();
  let expected = 0;
  for (const value of bytes) {
    const { accepted } = (type.fromBuffer(value) as Screened).standardized;
    const origin = `${accepted.origin.partition}/${accepted.origin.offset}`;
    if (origins.has(origin)) continue;
    origins.add(origin);
    const before = highest.get(accepted.declarationId);
    if (before && !isAbove(accepted, before)) expected++;
    else highest.set(accepted.declarationId, accepted);
  }
  const booked = Number(books.get('ignored') ?? 0);
  return booked === expected ? [] : [`ignored: ${expected} expected, ${booked} in the books`];
}

function isAbove(a: Decided['accepted'], b: Decided['accepted']): boolean {
  if (a.version !== b.version) return a.version > b.version;
  return a.occurredAt === b.occurredAt ? a.eventId > b.eventId : a.occurredAt > b.occurredAt;
}

/** One alert for each item, list and row that was found at level 3 or higher; repeats have the same name. */
function alerts(system: SimulatedSystem): string[] {
  const expected = new Set<string>();
  const enriched = valuesOf(system, 'customs.declarations.enriched.v1');
  for (const value of enriched.bytes) {
    const { standardized: { accepted: { declarationId, version } }, hits } = enriched.type.fromBuffer(value) as Screened;
    for (const { itemNumber, listId, rowId, level } of hits) if (level >= ALERT_LEVEL) expected.add([declarationId, version, itemNumber, listId, rowId].join(' '));
  }
  const told = valuesOf(system, alertTopic);
  const actual = new Set(told.bytes.map((value) => { const { declarationId, version, itemNumber, listId, rowId } = told.type.fromBuffer(value) as Alert; return [declarationId, version, itemNumber, listId, rowId].join(' '); }));
  return [...expected].filter((alert) => !actual.has(alert)).map((alert) => `no alert for ${alert}`).concat([...actual].filter((alert) => !expected.has(alert)).map((alert) => `an alert without a hit: ${alert}`)).slice(0, 20);
}
