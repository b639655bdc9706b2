/**
 * Figures explained, on all services in memory, fed with generated declarations: amended, cancelled, paid, late, again.
 * What the declarations of a cell add up to is held against the generator's own arithmetic and against the store's cell.
 */
import { sealText } from '../../services/closing/closed-records';
import { formatDecimal } from '../../services/domain/decimal';
import { declarationHistory, touchedCells } from '../../services/explain/explain-declaration';
import { explainFigure, type ExplainPorts, type ExplainRequest, type FigureExplanation } from '../../services/explain/explain-figure';
import { enrichedRecords } from '../../services/explain/enriched-records';
import { explanationOf } from '../../services/explain/explanation';
import { Random } from '../../services/generate/random';
import type { InMemorySystem } from '../../services/local/in-memory-system';
import { answerQuery } from '../../services/query/answer-query';
import { queryContext } from '../../services/query/query-context';
import { avroType } from '../../services/shell/avro/codec';
import { ledgerSchema, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { LEDGER_HORIZON_NOTE, PUBLISHED_NOTE, type LedgerStore } from '../../services/shell/figure-store';
import { LedgerEntries } from '../../services/shell/ledger-entries';
import { aggregateInputs, countedTopic, rawTopic } from '../../services/topology';
import { drawnCells } from '../support/explained-cells';
import { generatedSystem } from '../support/generated-system';
import { cellsOf, type Cells } from '../support/redis-cells';

const EVENTS = 3_000;
const CELLS = 200;
const HOUR_MS = 3_600_000;
const VIEWS = ['revenue', 'statistics', 'precursors', 'operations'];
jest.setTimeout(300_000);

const config = readConfig({ TIDEWAITER_PROFILE: 'CD', TIDEWAITER_LEDGER_BUCKETS: '64' });
const context = queryContext(config);
const entries = new LedgerEntries(avroType(ledgerSchema()));
let system: InMemorySystem;
let expected: Cells;
let stored: Cells;

function portsOf(ledger: Pick<LedgerStore, 'readIndex' | 'readLedger' | 'readMoment'> = system.neighbours.ledger()): ExplainPorts {
  return { reader: system.neighbours.figures(), ledger, closed: system.neighbours.closed(), entries, partitions: config.TIDEWAITER_PARTITIONS, ledgerDays: 0 };
}
async function explained(request: ExplainRequest, ports = portsOf()): Promise<FigureExplanation> {
  const outcome = await explainFigure(request, context, ports);
  if (!('contributors' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}
const plain = (sums: ReadonlyMap<string, bigint>): Record<string, string> => Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n).map(([measure, sum]): [string, string] => [measure, String(sum)]).sort());

beforeAll(async () => {
  ({ system, expected } = await generatedSystem(config, 'explained', EVENTS));
  stored = await cellsOf(system.neighbours.figures(), VIEWS);
});
afterAll(() => system.stop());

const logPorts = async () => {
  const log = system.neighbours.log();
  const revisions = { inspector: await log.inspector(), schemas: system.neighbours.registry(), partitionOf: (key: string) => log.partitionOf(key, config.TIDEWAITER_PARTITIONS) };
  return { decided: enrichedRecords(revisions), revisions };
};

test('200 random cells of days and months, each made up exactly by its declarations: by the generator, by the store', async () => {
  for (const { name, request, measures } of drawnCells(expected, new Random('cells'), CELLS)) {
    const { explained: sum, current, differences, readings, contributors } = await explained(request);
    expect({ name, sum: plain(sum) }).toEqual({ name, sum: plain(measures) });
    expect({ name, sum: plain(current) }).toEqual({ name, sum: plain(measures) });
    expect({ name, differences, readings }).toEqual({ name, differences: [], readings: 1 });
    expect(new Set(contributors.map(({ declarationId }) => declarationId)).size).toBe(contributors.length);
  }
});

test('cells of minutes and hours, too, and windows and quarters of them', async () => {
  const fine = new Map([...stored].filter(([key]) => /\/(minute|hour)\//.test(key)));
  for (const { name, request, measures } of drawnCells(fine, new Random('fine cells'), 60)) expect({ name, sum: plain((await explained(request)).explained) }).toEqual({ name, sum: plain(measures) });
  const atMs = Date.now() - 72 * HOUR_MS;
  const year = String(new Date(atMs).getUTCFullYear());
  for (const view of ['revenue', 'statistics', 'operations'] as const) {
    for (const period of [{ kind: 'rolling', value: '24h' }, { kind: 'rolling', value: '7d' }, { kind: 'year', value: year }] as const) {
      const { differences, contributors } = await explained({ view, period, where: {}, ...(period.kind === 'rolling' ? { atMs } : {}) });
      expect({ view, period, differences, some: contributors.length > 5 }).toEqual({ view, period, differences: [], some: true });
    }
  }
});

const month = (): string => context.calendar.keysOf(Date.now() - 20 * 24 * HOUR_MS).month;
const ofMonth = (): ExplainRequest => ({ view: 'revenue', period: { kind: 'month', value: month() }, where: {} });

/** The ledger without one of its declarations. */
function hiding(hidden: string | undefined): ReturnType<typeof portsOf> {
  const ledger = system.neighbours.ledger();
  return portsOf({
    readIndex: async (...asked) => (await ledger.readIndex(...asked)).filter((id) => id !== hidden), readLedger: (...asked) => ledger.readLedger(...asked),
    readMoment: async (request) => { const moment = await ledger.readMoment(request); return 'entries' in moment ? { ...moment, entries: moment.entries.filter(({ declarationId }) => declarationId !== hidden) } : moment; },
  });
}

test('an index that lacks a declaration shows: the measures are named', async () => {
  const whole = await explained(ofMonth());
  const { differences, readings } = await explained(ofMonth(), hiding(whole.contributors[0]?.declarationId));
  expect(differences.map(({ measure }) => measure)).toContain('assessed');
  expect(differences.find(({ measure }) => measure === 'assessed')).toEqual({ measure: 'assessed', figure: whole.current.get('assessed'), explained: (whole.current.get('assessed') ?? 0n) - (whole.contributors[0]?.amounts.get('assessed') ?? 0n) });
  expect(readings).toBe(5);
});

test('figures that are catching up are called so, whether or not they add up yet', async () => {
  const whole = await explained(ofMonth());
  const reader = system.neighbours.figures();
  const before = await reader.note(PUBLISHED_NOTE);
  await reader.setNote(PUBLISHED_NOTE, JSON.stringify({ [`${countedTopic}/0`]: 1e9 }));
  try {
    expect(await explained(ofMonth())).toMatchObject({ answer: { status: 'catching-up' }, differences: [] });
    const { answer, differences } = await explained(ofMonth(), hiding(whole.contributors[0]?.declarationId));
    expect(answer.status).toBe('catching-up');
    expect(differences.map(({ measure }) => measure)).toContain('assessed');
  } finally {
    await reader.setNote(PUBLISHED_NOTE, before ?? '{}');
  }
});

test('what moves while it is read in pieces is read as of one moment; what is too large for that, in pieces again', async () => {
  const ledger = system.neighbours.ledger();
  let [pieces, moments] = [0, 0];
  const moving = (tooLarge: boolean): ExplainPorts => portsOf({
    readIndex: async (...asked) => (pieces++ < config.TIDEWAITER_PARTITIONS ? [] : ledger.readIndex(...asked)), readLedger: (...asked) => ledger.readLedger(...asked),
    readMoment: async (request) => { moments++; return tooLarge ? { tooLarge: true } : ledger.readMoment(request); },
  });
  const whole = await explained(ofMonth());
  for (const tooLarge of [false, true]) {
    [pieces, moments] = [0, 0];
    const { explained: sum, differences, readings } = await explained(ofMonth(), moving(tooLarge));
    expect([plain(sum), differences, readings, moments]).toEqual([plain(whole.explained), [], 2, 1]);
  }
});

test('a closed month shows what was signed off, and what came since: together they are what the declarations make', async () => {
  const closed = system.neighbours.closed();
  const period = month();
  const hash = `revenue/office-taxType-chapter/month/${period}`;
  const answer = await system.neighbours.figures().readFigures([hash], 1_000_000);
  if (!('hashes' in answer)) throw new Error('no figures');
  const fields = new Map(answer.hashes[0]?.fields ?? []);
  const field = [...fields.keys()].find((name) => name.endsWith(':assessed')) as string;
  fields.set(field, String(BigInt(fields.get(field) as string) - 12_345n));
  try {
    for (const name of ['office-taxType-chapter', 'taxType-origin', 'taxType-procedure']) await closed.put(period, `revenue/${name}/month/${period}`, name === 'office-taxType-chapter' ? fields : new Map(answer.hashes[0]?.fields ?? []));
    await closed.seal(period, sealText({ period, closeId: 'c', closedBy: 'me', closedAtMs: 0, digest: 'd', definitions: 'imts2010@1.0.0', hashes: 1, fields: 1, streamTimeMs: 0, sourceOffsets: {} }));
    const [office, taxType, chapter] = field.slice(0, -':assessed'.length).split('|') as [string, string, string];
    const request: ExplainRequest = { ...ofMonth(), where: { office, taxType, chapter } };
    const figure = await explained(request);
    const shown = await answerQuery({ ...request, by: [] }, context, system.neighbours.figures(), closed);
    expect(figure.differences).toEqual([]);
    expect('totals' in shown && shown.totals).toEqual(figure.answer.totals);
    expect(figure.answer.status).toBe('closed');
    expect(figure.adjustment?.['assessed']).toBe('123.45');
    expect(figure.answer.totals['assessed']).toBe(formatDecimal((figure.explained.get('assessed') ?? 0n) - 12_345n, 2));
  } finally {
    await closed.unseal(period, [hash]);
  }
});

test('shown are the largest, with what the log says of them; no token; revisions of a published cell end with the figure', async () => {
  const { request } = drawnCells(new Map([...expected].filter(([key]) => key.startsWith('precursors/list-substance-flow-partner-level/month/'))), new Random('shown'), 1)[0] as ReturnType<typeof drawnCells>[number];
  const figure = await explained(request);
  const explanation = await explanationOf(figure, { limit: 3, minorUnits: context.minorUnits, cubes: context.cubes, period: request.period }, await logPorts());
  expect(explanation.addsUp).toBe(true);
  expect(explanation.contributions).toHaveLength(Math.min(3, figure.contributors.length));
  for (const { details, counted, raw } of explanation.contributions) {
    expect(details?.hits.some(({ listId, listVersion }) => listId === request.where['list'] && listVersion !== '')).toBe(true);
    expect(details?.definitions).toMatch(/^imts2010@/);
    expect([counted.topic, raw.topic]).toEqual([countedTopic, rawTopic]);
  }
  expect(JSON.stringify(explanation)).not.toMatch(/token/i);
  expect(explanation.revisions?.at(-1)?.amounts).toMatchObject({ items: Number(figure.current.get('items')) });
});

test('one declaration: its cells are what it adds, its versions lead to what the ledger has', async () => {
  const figure = await explained({ ...ofMonth(), view: 'operations' });
  const log = await logPorts();
  const ledger = system.neighbours.ledger();
  for (const { declarationId, partition, facts: standing } of [...figure.contributors].sort((a, b) => b.facts.version - a.facts.version).slice(0, 20)) {
    const history = await declarationHistory(declarationId, partition, context, log.decided);
    const { entries: [entry] } = await ledger.readLedger({ topic: countedTopic, partition }, [declarationId]);
    const facts = entries.decode(entry as Buffer);
    expect(facts).toMatchObject(standing);
    expect({ ...history.facts, traderToken: undefined }).toEqual({ ...facts, traderToken: undefined });
    expect(history.entries.filter(({ outcome }) => outcome !== 'refused').length).toBeGreaterThanOrEqual(facts.repeats + 1);
    const sums = new Map<string, bigint>();
    for (const { changed } of history.entries) for (const { hash, field, amount } of changed) sums.set(`${hash} ${field}`, (sums.get(`${hash} ${field}`) ?? 0n) + BigInt(amount));
    expect(plain(sums)).toEqual(plain(new Map(touchedCells(facts, context).map(({ hash, field, amount }) => [`${hash} ${field}`, BigInt(amount)]))));
  }
});

test('a refused version is in the history of its declaration, once, with its codes', async () => {
  const log = await logPorts();
  const refused: { declarationId: string }[] = [];
  const type = avroType(topicSchema('customs.declarations.rejected.v1'));
  await log.revisions.inspector.readAll('customs.declarations.rejected.v1', (_, { value }) => {
    const reject = type.fromBuffer((value as Buffer).subarray(5)) as { declarationId: string | null };
    if (reject.declarationId !== null) refused.push({ declarationId: reject.declarationId });
  });
  const { declarationId } = refused[0] as { declarationId: string };
  const { entries: history } = await declarationHistory(declarationId, log.revisions.partitionOf(declarationId), context, log.decided);
  const refusals = history.filter(({ outcome }) => outcome === 'refused');
  expect(refusals).toHaveLength(refused.filter((each) => each.declarationId === declarationId).length);
  expect(refusals[0]?.codes[0]).toMatch(/^E-/);
});

test('a period of more declarations than whoever asks may look through is refused before the ledger is read', async () => {
  const ledger = system.neighbours.ledger();
  let read = 0;
  const counting: ExplainPorts = { ...portsOf({ readIndex: (...asked) => ledger.readIndex(...asked), readLedger: (...asked) => { read++; return ledger.readLedger(...asked); }, readMoment: (request) => ledger.readMoment(request) }) };
  const { contributors } = await explained({ ...ofMonth(), view: 'operations' }, counting);
  expect(read).toBeGreaterThan(0);
  read = 0;
  expect(await explainFigure(ofMonth(), context, { ...counting, mostDeclarations: 10 })).toEqual({ refused: expect.stringMatching(/^more than 10 declarations .* narrow it to a shorter period/) as string });
  expect(read).toBe(0);
  expect(await explainFigure(ofMonth(), context, { ...counting, mostDeclarations: 2 * contributors.length })).toMatchObject({ differences: [] });
});

test('quality, what lies before the ledger’s horizon, and figures of another release are refused in words', async () => {
  expect(await explainFigure({ ...ofMonth(), view: 'quality' }, context, portsOf())).toMatchObject({ refused: expect.stringContaining('rejects list') as string });
  const ports = portsOf();
  const noted: ExplainPorts = { ...ports, reader: { inputs: ports.reader.inputs, readFigures: (...asked) => ports.reader.readFigures(...asked), readNotes: async () => ({ manifest: (await ports.reader.readNotes()).manifest, notes: new Map([[LEDGER_HORIZON_NOTE, String(Date.now())]]) }) } };
  expect(await explainFigure(ofMonth(), context, noted)).toMatchObject({ refused: expect.stringContaining('TIDEWAITER_LEDGER_HORIZON_DAYS') as string });
  const older: ExplainPorts = { ...ports, reader: { ...noted.reader, readNotes: async () => ({ manifest: JSON.stringify({ contribution: 2, source: aggregateInputs }), notes: new Map() }) } };
  expect(await explainFigure(ofMonth(), context, older)).toMatchObject({ refused: expect.stringContaining('fresh namespace') as string });
});
