/**
 * Figures of a replay explained: its declarations add up to its cells, and how they were decided, though it wrote nothing
 * down, is what the records of the live services say. From each topic, and from an archive of what the log has let go.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { openArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { createConsole } from '../../services/console/console';
import type { PageDeclaration, PageExplanation } from '../../services/console/live/explained-for';
import { noNamespaces, withEvent, type NamespaceEvent, type NamespaceManifest } from '../../services/domain/namespace-directory';
import type { DecidedRecords } from '../../services/explain/decided-records';
import { enrichedRecords } from '../../services/explain/enriched-records';
import { declarationHistory, touchedCells, type HistoryEntry, type KeptCells } from '../../services/explain/explain-declaration';
import { explainFigure, type FigureExplanation } from '../../services/explain/explain-figure';
import { explanationOf } from '../../services/explain/explanation';
import type { ShownContribution } from '../../services/explain/shown-contribution';
import { Random } from '../../services/generate/random';
import { queryContext } from '../../services/query/query-context';
import { documentName } from '../../services/reference/documents';
import { decidedAgain } from '../../services/replay/decided-again';
import { sourceTopics } from '../../services/replay/fused/source-stages';
import { avroType } from '../../services/shell/avro/codec';
import { ledgerSchema } from '../../services/shell/avro/schema-files';
import { readCatalogue, readProfile } from '../../services/shell/definition-files';
import { LedgerEntries } from '../../services/shell/ledger-entries';
import { StateReporter } from '../../services/shell/service-state';
import { aggregateInputs, type TopicName } from '../../services/topology';
import { drawnCells, type DrawnCell } from '../support/explained-cells';
import { cellsOf } from '../support/redis-cells';
import { ReplayWorld, replayConfig } from '../support/replay-world';

jest.setTimeout(180_000);
const accepted: TopicName = 'customs.declarations.accepted.v1';
const live = { name: 'live', inputs: aggregateInputs };
const profile = readProfile('CD');
const context = queryContext(replayConfig);
const entries = new LedgerEntries(avroType(ledgerSchema()));
const partitions = Array.from({ length: replayConfig.TIDEWAITER_PARTITIONS }, (_, partition) => partition);

let world: ReplayWorld;
let folder: string;
let cells: readonly DrawnCell[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-explained-'));
  world = await ReplayWorld.start('explained replay', 2_000);
  cells = drawnCells(await cellsOf(world.system.neighbours.figures(), ['revenue', 'statistics', 'precursors', 'operations']), new Random('cells of a replay'), 40);
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

async function explained({ request }: DrawnCell, place: typeof live): Promise<FigureExplanation> {
  const { neighbours } = world.system;
  const outcome = await explainFigure(request, context, { reader: neighbours.figures(place), ledger: neighbours.ledger(place), closed: neighbours.closed(place), entries, partitions: partitions.length, ledgerDays: 0 });
  if (!('contributors' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** As `replay run` names them; the world itself knows its reference set. */
const documents = readCatalogue(profile).documents().map(({ document }) => documentName(document));

async function decidedBy(made: NamespaceManifest, counted?: Readonly<Record<string, number>>): Promise<DecidedRecords> {
  const manifest = made.documents.length > 0 ? made : { ...made, documents };
  const { neighbours } = world.system;
  const decisions = await decidedAgain(manifest, { catalogue: readCatalogue(profile), profile, registry: neighbours.registry(), logger: pino({ level: 'silent' }) });
  if ('why' in decisions) throw new Error(decisions.why);
  return decisions({ inspector: await neighbours.log().inspector(), counted: counted ?? await world.offsets(manifest) });
}
const decidedLive = async (): Promise<DecidedRecords> => enrichedRecords({ inspector: await world.system.neighbours.log().inspector(), schemas: world.system.neighbours.registry() });

async function shown(cell: DrawnCell, figure: FigureExplanation, decided: DecidedRecords): Promise<readonly ShownContribution[]> {
  return (await explanationOf(figure, { limit: Infinity, minorUnits: context.minorUnits, cubes: context.cubes, period: cell.request.period }, { decided, revisions: undefined })).contributions;
}

/** But for the place of the record that was counted: it lies on another topic. */
const toldOf = (contributions: readonly ShownContribution[]): unknown => contributions.map(({ counted, ...told }) => ({ ...told, partition: counted.partition }));

async function expectExplained(manifest: NamespaceManifest): Promise<void> {
  const [again, first] = [await decidedBy(manifest), await decidedLive()];
  let hits = 0;
  for (const cell of cells) {
    const figure = await explained(cell, manifest);
    expect({ name: cell.name, sum: figure.explained, differences: figure.differences }).toEqual({ name: cell.name, sum: cell.measures, differences: [] });
    const [ofReplay, ofLive] = [await shown(cell, figure, again), await shown(cell, await explained(cell, live), first)];
    expect(toldOf(ofReplay)).toEqual(toldOf(ofLive));
    expect(ofReplay.every(({ counted, details }) => counted.topic === manifest.source && details !== null)).toBe(true);
    hits += ofReplay.reduce((sum, { details }) => sum + (details?.hits.length ?? 0), 0);
  }
  expect(hits).toBeGreaterThan(0);
}

test.each(sourceTopics)('counted from %s', async (source) => {
  const manifest = await world.manifest(`explained-${source.split('.')[2] ?? ''}`, source);
  await world.replayed(manifest, 2);
  await expectExplained(manifest);
});

/** The replay knows the first code of what it refuses, and no version. */
const historyTold = (history: readonly HistoryEntry[]): unknown => history.map((entry) => (entry.outcome === 'refused' ? { ...entry, version: null, codes: entry.codes.slice(0, 1) } : entry));
const partitionOf = (declarationId: string): number => world.system.neighbours.log().partitionOf(declarationId, partitions.length);
const ids = (): readonly string[] => [...new Set([...world.fed.values()].slice(0, 400).map(({ declarationId }) => declarationId))];
const historyOf = (declarationId: string, records: DecidedRecords, kept: KeptCells = context): ReturnType<typeof declarationHistory> => declarationHistory(declarationId, partitionOf(declarationId), kept, records);

test.each(sourceTopics)('the versions of a declaration, refused ones too, from %s', async (source) => {
  const manifest = await world.manifest(`versions-${source.split('.')[2] ?? ''}`, source);
  const [again, first] = [await decidedBy(manifest, manifest.historyUntil), await decidedLive()];
  const outcomes = new Set<string>();
  for (const declarationId of ids()) {
    const [ofReplay, ofLive] = [await historyOf(declarationId, again), await historyOf(declarationId, first)];
    expect(historyTold(ofReplay.entries)).toEqual(historyTold(ofLive.entries));
    for (const { outcome } of ofReplay.entries) outcomes.add(outcome);
  }
  expect([...outcomes].sort()).toEqual(['counted', 'ignored', 'leftOut', 'refused']);
});

test('a replay that begins later, has not come to the end, and keeps no minutes: what it counted, as it counted it', async () => {
  const half = new Map(partitions.map((partition) => [partition, Math.floor(world.system.broker.partition({ topic: accepted, partition }).end * 0.5)]));
  const tenth = new Map(partitions.map((partition) => [partition, Math.floor(world.system.broker.partition({ topic: accepted, partition }).end * 0.1)]));
  const manifest = await world.manifest('part', accepted, { since: { offsets: tenth }, until: { offsets: half }, fineSinceMs: Date.UTC(2026, 3, 12, 23) });
  await world.replayed(manifest, 2);
  const kept: KeptCells = { ...context, fineSinceMs: manifest.fineSinceMs };
  const [records, ledger] = [await decidedBy(manifest), new Map((await world.facts(manifest)).map(({ declarationId, ...facts }) => [declarationId, facts]))];
  const stored = new Map(world.figures('part').map((figure) => { const [hash = '', ...rest] = figure.split(' '); return [`${hash} ${rest.slice(0, -1).join(' ')}`, true]; }));
  let [without, minutes] = [0, 0];
  for (const declarationId of ids()) {
    const { entries: history, facts } = await historyOf(declarationId, records, kept);
    expect({ ...facts, traderToken: '' }).toEqual({ ...ledger.get(declarationId), traderToken: '' });
    if (!facts) { without++; continue; }
    const sums = new Map<string, bigint>();
    for (const { changed } of history) for (const { hash, field, amount } of changed) sums.set(`${hash} ${field}`, (sums.get(`${hash} ${field}`) ?? 0n) + BigInt(amount));
    const cells = touchedCells(facts, kept);
    expect(new Map([...sums].filter(([, sum]) => sum !== 0n))).toEqual(new Map(cells.filter(({ amount }) => amount !== '0').map(({ hash, field, amount }) => [`${hash} ${field}`, BigInt(amount)])));
    const [fine, unknown] = [cells.filter(({ hash }) => hash.includes('/minute/')), cells.filter(({ hash, field, amount }) => hash.includes('/minute/') && Number(amount) > 0 && !stored.has(`${hash} ${field}`))];
    expect(unknown).toEqual([]);
    minutes += fine.length;
  }
  expect(without).toBeGreaterThan(10);
  expect(minutes).toBeGreaterThan(10);
});

test('reference data that cannot be had any more is said, and nothing is guessed', async () => {
  const manifest = { ...(await world.manifest('gone', accepted)), documents: ['imts2010@9.9.9'] };
  await expect(decidedBy(manifest)).rejects.toThrow('imts2010@9.9.9, by which namespace gone is made, cannot be had any more');
});

test('an officer is told of a replay that was promoted what the log says, party tokens left out', async () => {
  const manifest = { ...(await world.manifest('promoted', accepted)), documents };
  await world.replayed(manifest, 2);
  const { neighbours, home } = world.system;
  const events: readonly NamespaceEvent[] = [{ kind: 'created', manifest }, { kind: 'promoted', name: manifest.name, by: 'N. Mbala', atMs: 0, reason: 'a test' }];
  await neighbours.directory().write(events.reduce(withEvent, noNamespaces));
  const console = await createConsole({ config: { ...replayConfig, home }, logger: pino({ level: 'silent' }), neighbours, pageFolder: join(home, 'none'), state: new StateReporter(home, 'console') });
  try {
    const token = await console.parts.tokens.issue({ name: 'an officer', roles: ['viewer', 'enforcement'], hours: 1, once: false });
    const get = async (path: string): Promise<unknown> => (await console.server.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } })).json<unknown>();
    const cell = cells.find(({ request }) => request.view === 'precursors') as DrawnCell;
    const { view, period, where } = cell.request;
    const page = (await get(`/explain/${view}?${new URLSearchParams([['period', `${period.kind}:${period.value}`], ...Object.entries(where).map(([name, value]): [string, string] => ['where', `${name}:${value}`])]).toString()}`)) as PageExplanation;
    expect(page).toMatchObject({ addsUp: true, logRead: true });
    expect(page.contributions.map(({ counted, details }) => [counted.topic, details?.definitions, (details?.hits ?? []).length > 0])).toEqual(page.contributions.map(() => [accepted, expect.stringMatching(/^imts2010@/) as string, true]));
    const traced = (await get(`/explain/declaration/${page.contributions[0]?.declarationId ?? ''}`)) as PageDeclaration;
    expect(traced.history?.some(({ outcome }) => outcome === 'counted')).toBe(true);
    expect(JSON.stringify([page, traced])).not.toMatch(/token/i);
  } finally {
    await console.stop();
    await neighbours.directory().write(noNamespaces);
  }
});

/** The last one: the log is shorter behind it. */
test('counted from an archive and the log, which has let two thirds go', async () => {
  const { neighbours, broker } = world.system;
  const inspector = await neighbours.log().inspector();
  await archiveTopic(accepted, false, { files: openArchive(folder), inspector, registry: neighbours.registry(), onProgress: () => undefined });
  for (const partition of partitions) broker.deleteBefore({ topic: accepted, partition, offset: Math.floor(broker.partition({ topic: accepted, partition }).end * 0.66) });
  const manifest = await world.manifest('explained-archive', accepted, { archive: { folder, alone: false, leaveOut: false } });
  await world.replayed(manifest, 2);
  const before = new Map(await Promise.all(ids().map(async (declarationId) => [declarationId, historyTold((await historyOf(declarationId, await decidedLive())).entries)] as const)));
  await expectExplained(manifest);
  const records = await decidedBy(manifest);
  for (const [declarationId, told] of before) expect(historyTold((await historyOf(declarationId, records)).entries)).toEqual(told);
});

test('an archive that is not there is said, and no history is cut short', async () => {
  const manifest = await world.manifest('no-archive', accepted, { archive: { folder, alone: false, leaveOut: false } });
  await expect(decidedBy({ ...manifest, archive: { folder: join(folder, 'elsewhere'), alone: false, leaveOut: false } })).rejects.toThrow(/the archive .*elsewhere has nothing of customs\.declarations\.accepted\.v1; is it there\?/);
});
