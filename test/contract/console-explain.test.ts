/**
 * Figures explained over the console's interface, on all services in memory, fed with generated declarations. What is
 * expected of a sum is the generator's own arithmetic.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createConsole, type Console } from '../../services/console/console';
import type { Role } from '../../services/console/access/permissions';
import type { PageContribution, PageDeclaration, PageExplanation } from '../../services/console/live/explained-for';
import { limits } from '../../services/limits';
import { Random } from '../../services/generate/random';
import type { InMemorySystem } from '../../services/local/in-memory-system';
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import type { Neighbours } from '../../services/shell/connect';
import type { LedgerStore } from '../../services/shell/figure-store';
import { StateReporter } from '../../services/shell/service-state';
import { drawnCells, type DrawnCell } from '../support/explained-cells';
import { generatedSystem } from '../support/generated-system';
import { type Cells } from '../support/redis-cells';

const HOUR_MS = 3_600_000;
jest.setTimeout(120_000);
const home = mkdtempSync(join(tmpdir(), 'tidewaiter-explain-'));
const config = readConfig({ TIDEWAITER_HOME: home, TIDEWAITER_PROFILE: 'CD', TIDEWAITER_LEDGER_BUCKETS: '64' });
let system: InMemorySystem;
let console: Console;
let expected: Cells;
/** While it is there, the index is not read until it has been kept. */
let gate: Promise<void> | undefined;
let indexReads = 0;

/** The ledger of the system, whose index can be held back. */
function held(ledger: LedgerStore): LedgerStore {
  return new Proxy(ledger, {
    get: (target, name) => {
      const own = Reflect.get(target, name) as unknown;
      if (typeof own !== 'function') return own;
      if (name !== 'readIndex') return own.bind(target) as unknown;
      return async (...asked: Parameters<LedgerStore['readIndex']>) => { indexReads++; await gate; return target.readIndex(...asked); };
    },
  });
}

beforeAll(async () => {
  ({ system, expected } = await generatedSystem(config, 'explained to officers', 2_000));
  const neighbours: Neighbours = { ...system.neighbours, ledger: (place) => held(system.neighbours.ledger(place)) };
  console = await createConsole({ config, logger: pino({ level: 'silent' }), neighbours, pageFolder: join(home, 'none'), state: new StateReporter(home, 'console') });
});
afterAll(async () => {
  await console.stop();
  await system.stop();
  rmSync(home, { recursive: true, force: true });
});

async function get(path: string, ...held: readonly Role[]) {
  const token = await console.parts.tokens.issue({ name: 'an officer', roles: held.length === 0 ? ['viewer'] : held, hours: 1, once: false });
  return console.server.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } });
}
async function explained(path: string, ...held: readonly Role[]): Promise<PageExplanation> {
  const answer = await get(path, ...held);
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return answer.json<PageExplanation>();
}
const question = ({ view, period, where }: DrawnCell['request'], more: Readonly<Record<string, string>> = {}): string =>
  `/explain/${view}?${new URLSearchParams([['period', `${period.kind}:${period.value}`], ...Object.entries(where).map(([dimension, value]): [string, string] => ['where', `${dimension}:${value}`]), ...Object.entries(more)]).toString()}`;

/** Every declaration of a figure, page after page. */
async function all(asked: (more: Readonly<Record<string, string>>) => string, limit: number): Promise<{ first: PageExplanation; contributions: readonly PageContribution[]; remaining: readonly number[] }> {
  const first = await explained(asked({ limit: String(limit) }));
  const contributions = [...first.contributions];
  const remaining = [first.remaining?.declarations ?? 0];
  for (let { next } = first; next !== null; ) {
    const page = await explained(asked({ limit: String(limit), after: next }));
    contributions.push(...page.contributions);
    remaining.push(page.remaining?.declarations ?? 0);
    ({ next } = page);
  }
  return { first, contributions, remaining };
}

/** An exact decimal text without its point: units of the store, where the scale is the one it is kept at. */
const units = (value: unknown): bigint => (typeof value === 'object' && value !== null ? Object.values(value).reduce<bigint>((sum, one) => sum + units(one), 0n) : BigInt(String((value as string | number | undefined) ?? 0).replace('.', '')));
const summed = (contributions: readonly PageContribution[], measure: string): bigint => contributions.reduce((sum, { amounts }) => sum + units(amounts[measure]), 0n);
const expectedOf = (measures: DrawnCell['measures'], measure: string): bigint => [...measures].filter(([name]) => name === measure || name.startsWith(`${measure}.`)).reduce((sum, [, amount]) => sum + amount, 0n);
const cellsOf = (view: string): Cells => new Map([...expected].filter(([key]) => key.startsWith(`${view}/`)));

test('40 figures, each added up by the declarations of all its pages, and as the generator has it', async () => {
  for (const view of ['revenue', 'statistics']) {
    for (const { name, request, measures } of drawnCells(cellsOf(view), new Random(`pages of ${view}`), 20)) {
      const { first, contributions, remaining } = await all((more) => question(request, more), 2);
      expect({ name, adds: first.addsUp, ids: new Set(contributions.map(({ declarationId }) => declarationId)).size }).toEqual({ name, adds: true, ids: first.declarations });
      expect(remaining).toEqual(remaining.map((_, page) => Math.max(0, first.declarations - 2 * (page + 1))));
      for (const measure of Object.keys(first.figure)) {
        const wanted = expectedOf(measures, measure);
        expect({ name, measure, listed: summed(contributions, measure), figure: units(first.figure[measure]), explained: units(first.explained[measure]) }).toEqual({ name, measure, listed: wanted, figure: wanted, explained: wanted });
      }
    }
  }
});

test('one measure alone: its declarations and no others, the largest first, and what is behind a page is what it lacks', async () => {
  const collected = new Map([...cellsOf('revenue')].filter(([key]) => key.startsWith('revenue/office-taxType-chapter/month/') && key.endsWith(':collected')));
  for (const { name, request, measures } of drawnCells(collected, new Random('collected'), 10)) {
    const page = await explained(question(request, { measure: 'collected', limit: '1' }));
    const { contributions } = await all((more) => question(request, { measure: 'collected', ...more }), 100);
    const sizes = contributions.map(({ amounts }) => units(amounts['collected'])).map((amount) => (amount < 0n ? -amount : amount));
    expect({ name, sizes }).toEqual({ name, sizes: [...sizes].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)) });
    expect(sizes.filter((size) => size === 0n)).toEqual([]);
    expect(Object.keys(page.figure)).toEqual(['collected']);
    expect(summed(page.contributions, 'collected') + units(page.remaining?.amounts['collected'])).toBe(measures.get('collected'));
    for (const { office, version, raw, payments, details } of contributions) {
      expect([office, version > 0, raw.offset >= 0, payments.length > 0]).toEqual([request.where['office'], true, true, true]);
      expect(details?.definitions).toMatch(/^imts2010@/);
    }
  }
});

test('a figure that is published has its revisions, and the last one is the figure', async () => {
  const { request, measures } = drawnCells(new Map([...cellsOf('revenue')].filter(([key]) => key.startsWith('revenue/office-taxType-chapter/month/'))), new Random('revisions'), 1)[0] as DrawnCell;
  const { revisions, logRead } = await explained(question(request));
  expect(logRead).toBe(true);
  const { assessed, lines } = revisions?.at(-1)?.amounts ?? {};
  /** Records of the topic carry four decimals, the store keeps two. */
  expect([units(assessed), lines]).toEqual([100n * (measures.get('assessed') ?? 0n), Number(measures.get('lines') ?? 0n)]);
});

const month = (): string => console.parts.figures.calendar.keysOf(Date.now() - 20 * 24 * HOUR_MS).month;
const flagged = (): string => `period=month:${month()}`;

test('which declaration was flagged, and by which list, is for enforcement alone; why a version was refused, for who sees refusals', async () => {
  const { contributions } = await explained(`/explain/precursors?${flagged()}`, 'viewer', 'enforcement');
  const hits = contributions.flatMap(({ details }) => details?.hits ?? []);
  expect(hits.length).toBeGreaterThan(0);
  const { declarationId } = contributions[0] as PageContribution;
  const ofViewer = await explained(`/explain/statistics?${flagged()}&limit=100`);
  expect(ofViewer.contributions.map(({ details }) => details?.hits)).toEqual(ofViewer.contributions.map(() => null));
  const traced = async (...held: readonly Role[]) => (await get(`/explain/declaration/${encodeURIComponent(declarationId)}`, ...held)).json<PageDeclaration>();
  const tells = ({ cells }: PageDeclaration): boolean => cells.some(({ view, measure }) => view === 'precursors' || measure === 'alerts');
  const [viewer, officer] = [await traced('viewer'), await traced('viewer', 'enforcement')];
  expect([tells(viewer), tells(officer)]).toEqual([false, true]);
  expect(viewer.cellsInAll).toBeLessThan(officer.cellsInAll);
  expect(JSON.stringify([ofViewer, viewer])).not.toMatch(/token|"list"|substance/i);
  const list = console.parts.inspector;
  const ids = new Set<string>();
  await (await list()).readAll('customs.declarations.rejected.v1', (_, { value }) => { const id = (avroType(topicSchema('customs.declarations.rejected.v1')).fromBuffer((value as Buffer).subarray(5)) as { declarationId: string | null }).declarationId; if (id !== null && id !== '') ids.add(id); });
  const refusedId = [...ids][0] as string;
  const outcomes = async (...held: readonly Role[]) => ((await get(`/explain/declaration/${encodeURIComponent(refusedId)}`, ...held)).json<PageDeclaration>().history ?? []).map(({ outcome }) => outcome);
  expect(await outcomes('viewer', 'analyst')).toContain('refused');
  expect(await outcomes('viewer')).not.toContain('refused');
});

test('a declaration’s cells are figures that it is found in, with the same amount', async () => {
  const [{ declarationId }] = (await explained(`/explain/revenue?${flagged()}`)).contributions as [PageContribution];
  const { cells, cellsInAll, history, version } = (await get(`/explain/declaration/${encodeURIComponent(declarationId)}`)).json<PageDeclaration>();
  expect(cells).toHaveLength(Math.min(cellsInAll, limits.explainedCellsShown));
  const { version: newest } = history?.at(-1) ?? {};
  expect(newest).toBe(version);
  const months = cells.filter(({ view, grain }) => ['revenue', 'statistics'].includes(view) && grain === 'month');
  expect(months.length).toBeGreaterThan(2);
  for (const { view, period, where, measure, unit, amount } of months) {
    const { contributions } = await all((more) => question({ view, period: { kind: 'month', value: period }, where }, { measure, ...more }), 100);
    const found = contributions.find((one) => one.declarationId === declarationId)?.amounts[measure];
    expect({ where, measure, amount: unit === undefined ? found : (found as Record<string, string>)[unit] }).toEqual({ where, measure, amount });
  }
});

test('what cannot be asked or is not there is said in words', async () => {
  const said = async (path: string) => { const { statusCode, body } = await get(path); return `${statusCode} ${(JSON.parse(body) as { error: { message: string } }).error.message}`; };
  expect(await said('/explain/quality?period=month:2026-03')).toMatch(/^422 .*shares/);
  expect(await said('/explain/profit?period=month:2026-03')).toMatch(/^400 /);
  expect(await said('/explain/revenue?period=month:2026-13')).toMatch(/^400 /);
  expect(await said('/explain/revenue?period=month:2026-03&where=colour:red')).toMatch(/^400 .*no dimension "colour"/);
  expect(await said('/explain/revenue?period=month:2026-03&measure=profit')).toMatch(/^400 .*no measure "profit".* assessed, /);
  expect(await said(`/explain/revenue?period=month:2026-03&limit=${limits.explainedPageMost + 1}`)).toMatch(/^400 /);
  expect(await said('/explain/revenue?period=month:2026-03&after=elsewhere')).toMatch(/^409 .*ask for it again/);
  expect(await said(`/explain/declaration/${encodeURIComponent('é/ %?'.repeat(14))}`)).toMatch(/^404 .*nothing is known/);
});

test('another view does not page on in an explanation', async () => {
  const { next } = await explained(`/explain/operations?${flagged()}&limit=1`, 'viewer', 'enforcement');
  expect((await get(`/explain/operations?${flagged()}&after=${next}`, 'viewer', 'enforcement')).statusCode).toBe(200);
  expect((await get(`/explain/operations?${flagged()}&after=${next}`)).statusCode).toBe(403);
  expect((await get(`/explain/revenue?${flagged()}&after=${next}`)).statusCode).toBe(409);
});

test('two are worked out at a time, ten wait, others are told so; figures are answered meanwhile', async () => {
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => { open = resolve; });
  indexReads = 0;
  const many = Array.from({ length: limits.explanationsAtOnce + limits.explanationsWaiting }, (_, place) => get(`/explain/revenue?period=month:${month()}&limit=${place + 1}`));
  try {
    while (indexReads < limits.explanationsAtOnce * config.TIDEWAITER_PARTITIONS) await new Promise((next) => { setTimeout(next, 5); });
    await new Promise((next) => { setTimeout(next, 100); });
    expect(indexReads).toBe(limits.explanationsAtOnce * config.TIDEWAITER_PARTITIONS);
    const beyond = await get(`/explain/statistics?period=month:${month()}`);
    expect([beyond.statusCode, beyond.json<{ error: { message: string } }>().error.message]).toEqual([429, expect.stringContaining('try again') as string]);
    expect((await get(`/figures/revenue?period=month:${month()}&by=office`)).statusCode).toBe(200);
  } finally {
    open();
    gate = undefined;
  }
  expect((await Promise.all(many)).map(({ statusCode }) => statusCode)).toEqual(many.map(() => 200));
  expect((await get(`/explain/statistics?period=month:${month()}`)).statusCode).toBe(200);
});

test('a log that does not answer takes the details away, and no figure', async () => {
  system.broker.goAway();
  try {
    const page = await explained(`/explain/revenue?${flagged()}&limit=3`);
    expect([page.logRead, page.addsUp, page.revisions, page.contributions.map(({ details }) => details)]).toEqual([false, true, null, [null, null, null]]);
    const traced = (await get(`/explain/declaration/${encodeURIComponent(page.contributions[0]?.declarationId ?? '')}`)).json<PageDeclaration>();
    expect([traced.history, traced.historyMissing, traced.cells.length > 0]).toEqual([null, 'away', true]);
  } finally {
    system.broker.comeBack();
  }
});
