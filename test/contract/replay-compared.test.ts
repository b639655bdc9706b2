/**
 * A replay compared with what is live, declaration by declaration, of another pack: what is said to differ is what the two
 * namespaces' cells, which were counted one by one, differ by.
 */
import { Calendar } from '../../services/domain/period';
import type { NamespaceManifest } from '../../services/domain/namespace-directory';
import type { ReferenceDocument } from '../../services/reference/documents';
import { compareCounts } from '../../services/replay/compare/compare-counts';
import { compareLedgers } from '../../services/replay/compare/compare-ledgers';
import { Comparison } from '../../services/replay/compare/comparison';
import { referenceOf } from '../../services/replay/replay-manifest';
import { avroType } from '../../services/shell/avro/codec';
import { ledgerSchema } from '../../services/shell/avro/schema-files';
import { readCatalogue, readProfile } from '../../services/shell/definition-files';
import { LedgerEntries } from '../../services/shell/ledger-entries';
import { aggregateInputs, type View } from '../../services/topology';
import { cellsOf } from '../support/redis-cells';
import { ReplayWorld, replayConfig } from '../support/replay-world';
import { until } from '../support/until';

jest.setTimeout(120_000);
const profile = readProfile('CD');
const live = { name: 'live', inputs: aggregateInputs };
const builtIn = readCatalogue(profile).documents().map(({ document }) => document);
const pack = builtIn.find(({ kind }) => kind === 'pack') as ReferenceDocument & { residualChapters: string[] };
const otherPack = { ...pack, version: '9.0.0', residualChapters: [...pack.residualChapters, '87', '10', '85'] } as unknown as ReferenceDocument;

let world: ReplayWorld;
let manifest: NamespaceManifest;
beforeAll(async () => {
  world = await ReplayWorld.start('compared', 2_000);
  manifest = await world.manifest('other-pack', 'customs.declarations.accepted.v1');
  const worker = await world.worker(manifest, undefined, [referenceOf(builtIn, [otherPack], profile)]);
  await until('history is counted', () => world.counted(manifest), 40_000);
  await worker.stop();
});
afterAll(() => world.stop());

const side = (place: typeof live) => ({ reader: world.system.neighbours.figures(place), ledger: world.system.neighbours.ledger(place) });

/** Counted where a record arrives, and in no declaration's facts. */
const ofArrivals = /^(events|delay\..+|refused)$/;

/** What cells of one combination and grain differ by: `period values measure` → replayed less live. */
async function differencesOfCells(view: View, combination: string, grain: string): Promise<Record<string, bigint>> {
  const prefix = `${view}/${combination}/${grain}/`;
  const [here, there] = [await cellsOf(side(live).reader, [view]), await cellsOf(side(manifest).reader, [view])];
  const found: Record<string, bigint> = {};
  for (const key of new Set([...here.keys(), ...there.keys()])) {
    const measure = key.slice(key.lastIndexOf(':') + 1);
    const difference = (there.get(key) ?? 0n) - (here.get(key) ?? 0n);
    if (key.startsWith(prefix) && !ofArrivals.test(measure) && difference !== 0n) found[key.slice(prefix.length)] = difference;
  }
  return found;
}

test.each([
  ['revenue', 'office-taxType-chapter', 'month'], ['statistics', 'flow-chapter-partner', 'month'], ['statistics', 'flow-hs6-partner-office', 'day'], ['precursors', 'list-substance-flow-partner-level', 'day'], ['operations', 'office-stage', 'day'],
  ['quality', 'office-flow', 'day'], ['quality', 'flow-chapter', 'month'], ['quality', 'flow-hs6', 'month'],
] as const)('%s by %s, each %s', async (view, combination, grain) => {
  const comparison = new Comparison({ calendar: new Calendar(profile.timeZone), grain, largestKept: 5, by: { [view]: combination.split('-') } });
  const { moving } = await compareLedgers(comparison, { live: side(live), replayed: side(manifest), entries: new LedgerEntries(avroType(ledgerSchema())), partitions: replayConfig.TIDEWAITER_PARTITIONS, replayBeginsLater: false, differentLogs: false, onProgress: () => undefined });
  const found = Object.fromEntries(comparison.differences().flatMap(({ period, dimensions, live: here, replayed: there }) =>
    [...new Set([...Object.keys(here), ...Object.keys(there)])].map((measure): [string, bigint] => [`${period} ${Object.values(dimensions).join('|')}:${measure}`, (there[measure] ?? 0n) - (here[measure] ?? 0n)]).filter(([, difference]) => difference !== 0n)));
  const expected = await differencesOfCells(view, combination, grain);
  /** Cells have quantities by six-digit code alone; a comparison misses none. */
  const kept = Object.fromEntries(Object.entries(found).filter(([key]) => combination.includes('hs6') || !key.includes(':quantity.')));
  expect(kept).toEqual(expected);
  expect(moving).toBe(0);
  if (view === 'revenue' || view === 'statistics' || view === 'quality') expect(Object.keys(expected).length).toBeGreaterThan(10);
  else expect(expected).toEqual({});
});

test('result codes, and books, which an event that a replay leaves out makes differ', async () => {
  const counts = await compareCounts(side(live).reader, side(manifest).reader);
  expect(counts.length).toBeGreaterThan(0);
  expect(counts.every(({ of }) => of === 'codes')).toBe(true);
  const part = await world.manifest('part', 'customs.declarations.accepted.v1', { until: { offsets: new Map([[0, 1]]) } });
  await world.replayed(part);
  const ofPart = await compareCounts(side(live).reader, side(part).reader);
  expect(ofPart.map(({ of, name }) => `${of} ${name}`)).toEqual(expect.arrayContaining(['books counted', 'books leftOut']));
  const fields = new Map(world.system.fields().map(({ key, field, value }) => [`${key} ${field}`, Number(value)]));
  for (const [namespace, differing] of [['other-pack', counts], ['part', ofPart]] as const) for (const { of, name, live: here, replayed: there } of differing) expect([here, there]).toEqual([fields.get(`{tw:live:0}:cell/${of} ${name}`) ?? 0, fields.get(`{tw:${namespace}:0}:cell/${of} ${name}`) ?? 0]);
  expect(await compareCounts(side(live).reader, side(live).reader)).toEqual([]);
});
