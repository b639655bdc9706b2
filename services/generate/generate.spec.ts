import { decideEnrich } from '../enrich/decide';
import type { Outcome } from '../domain/outcome';
import { isResultCode, resultCodes } from '../domain/result-codes';
import type { AcceptedDeclaration, RawDeclaration, Standardization } from '../domain/declaration';
import { readNdjsonLine } from '../feed/ndjson';
import { decideIngest } from '../ingest/decide';
import { readProfile, readReferenceSet } from '../shell/definition-files';
import { decideStandardize } from '../standardize/decide';
import { makeLife, type World } from './declaration';
import { copyItems } from './draft';
import { faults } from './faults';
import { emptyTally, generate, type GenerateOptions, type MadeEvent, type Tally } from './generate';
import { precursorCases } from './precursor-cases';
import { Random } from './random';
import { renderEvent } from './render';
import { vocabularyOf } from './vocabulary';

const untilMs = Date.parse('2026-03-31T22:00:00.000Z');
const authorities = ['CD', 'KR'].map((id) => { const profile = readProfile(id); return { id, profile, reference: readReferenceSet(profile) }; });
const [congo] = authorities as [(typeof authorities)[number]];

function make(change: Partial<GenerateOptions> = {}): { lines: string[]; events: MadeEvent[]; tally: Tally } {
  const events: MadeEvent[] = [];
  const tally = emptyTally();
  const lines = [...generate({ profile: congo.profile, seed: '1', count: 4_000, days: 60, untilMs, withFaults: true, ...change }, tally, (made) => events.push(...made))];
  return { lines, events, tally };
}

function read(line: string): RawDeclaration {
  const found = readNdjsonLine(line, 1);
  expect([found?.faults, found?.unknownFields]).toEqual([[], []]);
  return found?.declaration as RawDeclaration;
}

/** What the stages say to a line that arrives a minute after the end of the file. */
function decide(line: string, { profile, reference }: (typeof authorities)[number]): { stage: string; outcome: Outcome<AcceptedDeclaration> | Outcome<Standardization>; accepted?: AcceptedDeclaration } {
  const ingested = decideIngest(read(line), { partition: 0, offset: 0, timestamp: untilMs + 60_000 }, (purpose, id) => `${purpose}:${id}`);
  if (ingested.kind === 'reject') return { stage: 'ingest', outcome: ingested };
  return { stage: 'standardize', outcome: decideStandardize(ingested.addition, reference, profile), accepted: ingested.addition };
}
const refusal = ({ stage, outcome }: ReturnType<typeof decide>): string => (outcome.kind === 'reject' ? `${stage} ${outcome.refusals[0]?.code ?? ''}` : 'accepted');

test('the same seed gives the same bytes, another seed others; --no-faults has none', () => {
  const lines = make().lines.join('\n');
  expect(make().lines.join('\n') === lines).toBe(true);
  expect(make({ seed: '2' }).lines.join('\n') === lines).toBe(false);
  expect(make({ withFaults: false }).events.every(({ fault }) => fault === undefined)).toBe(true);
});

test.each([1, 7, 1_000])('%i events are %i lines', (count) => {
  const { lines, events, tally } = make({ count });
  expect([lines.length, events.length, tally.events]).toEqual([count, count, count]);
  expect([...lines].sort()).toEqual(events.map(({ line }) => line).sort());
});

test('shares of amendments, cancellations, repeats, conflicts, faults and late arrivals', () => {
  const { lines, events } = make({ count: 30_000 });
  const read = lines.map((line) => JSON.parse(line) as { declarationId: string; version: number; status: string; eventId: string; items: unknown[]; occurredAt: string; acceptedAt: string | null });
  const share = (count: number, of: number): number => count / of;
  const ids = new Set(read.map(({ declarationId }) => declarationId));
  const having = (holds: (event: (typeof read)[number]) => boolean): number => new Set(read.filter(holds).map(({ declarationId }) => declarationId)).size;
  const within = (value: number, low: number, high: number): void => { expect(value).toBeGreaterThan(low); expect(value).toBeLessThan(high); };
  within(share(having(({ status }) => status === 'CANCELLED'), ids.size), 0.007, 0.013);
  within(share(having(({ eventId }) => /(b|-again)$/.test(eventId)), lines.length), 0.006, 0.01);
  within(share(lines.length - new Set(lines).size, lines.length), 0.016, 0.024);
  within(share(events.filter(({ fault }) => fault).length, lines.length), 0.007, 0.013);
  const late = having(({ acceptedAt, occurredAt }) => acceptedAt !== null && Date.parse(occurredAt) - Date.parse(acceptedAt) > 25 * 86_400_000);
  within(share(late, ids.size), 0.006, 0.014);
  const highest = new Map<string, number>();
  let stale = 0;
  for (const { declarationId, version } of read) {
    if (version < (highest.get(declarationId) ?? 0)) stale++;
    highest.set(declarationId, Math.max(version, highest.get(declarationId) ?? 0));
  }
  within(share(stale, lines.length), 0.01, 0.05);
  for (const event of read) if (Date.parse(event.occurredAt) < Date.UTC(2090, 0)) expect(Date.parse(event.occurredAt)).toBeLessThanOrEqual(untilMs);
});

test('amended declarations: one in twenty', () => {
  const { tally } = make({ count: 30_000 });
  expect(tally.amended / tally.declarations).toBeGreaterThan(0.043);
  expect(tally.amended / tally.declarations).toBeLessThan(0.057);
});

/** What no event in JSON, or no change that a fault may make, can express; the horizon is a setting, and no built-in pack asks for a unit. */
const inexpressible = ['E-DECODE-EMPTY', 'E-DECODE-FRAME', 'E-DECODE-SCHEMA', 'E-INTERNAL', 'E-LEDGER-HORIZON', 'E-UNIT-MISMATCH'];
test('every code that an event can express has a fault: add a row to generate/faults.ts, or the name above', () => {
  const codes = new Set(faults.map(({ code }) => code));
  expect([...codes].filter((code) => !isResultCode(code))).toEqual([]);
  expect(Object.keys(resultCodes).filter((code) => code.startsWith('E-') && !codes.has(code)).sort()).toEqual(inexpressible);
});

describe.each(authorities)('$id', (authority) => {
  const { profile } = authority;

  test.each(faults)('$name: $code', (fault) => {
    const world: World = { profile, untilMs, mark: 'test', random: new Random(fault.name), words: vocabularyOf(profile, new Random('words')) };
    for (let number = 1; number <= 30; number++) {
      const { versions } = makeLife(world, number, untilMs - number * 3_600_000);
      const model = versions[0] as (typeof versions)[number];
      const event = { ...model, items: copyItems(model.items), status: 'ACCEPTED' as const, acceptedAt: model.occurredAt };
      expect(refusal(decide(renderEvent(event), authority))).toBe('accepted');
      fault.apply(event, profile);
      expect(refusal(decide(renderEvent(event), authority))).toBe(`${fault.stage} ${fault.code}`);
    }
  });

  test.each(['2026-03-31T22:00:00.000Z', '2022-01-15T00:00:00.000Z', '2019-05-31T00:00:00.000Z'])('events up to %s are accepted, or refused as announced', (until) => {
    const { events } = make({ profile, count: 3_000, seed: until, untilMs: Date.parse(until) });
    for (const { line, fault } of events) expect(refusal(decide(line, authority))).toBe(fault ? `${fault.stage} ${fault.code}` : 'accepted');
  });
});

test.each(precursorCases)('$code, $description: level $level', ({ code, description, casNumber, concentration, level }) => {
  const { profile } = congo;
  const world: World = { profile, untilMs, mark: 'test', random: new Random('case'), words: vocabularyOf(profile, new Random('words')) };
  const [event] = makeLife(world, 1, untilMs - 9e8).versions;
  const item = event?.items[0];
  if (!event || !item) throw new Error('no item');
  event.items = [{ ...item, commodityCode: code, description, casNumber: casNumber ?? null, concentration: concentration ?? null, taxes: [] }];
  const { outcome, accepted } = decide(renderEvent(event), congo);
  if (!accepted || outcome.kind !== 'emit') throw new Error('refused');
  const screened = decideEnrich({ accepted, items: (outcome.addition as Standardization).items }, congo.reference, (text) => text);
  if (screened.kind !== 'emit') throw new Error('refused');
  expect(Math.max(0, ...screened.addition.hits.map((hit) => hit.level))).toBe(level);
});
