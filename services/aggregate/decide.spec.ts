import * as fc from 'fast-check';
import type { RawDeclaration } from '../domain/declaration';
import type { ContributionRow } from '../domain/contribution';
import type { CountedFacts } from '../domain/facts';
import { amount, enriched, item, payment, raw, tax, time } from '../../test/support/declarations';
import { behindHorizon, decideAggregate } from './decide';

/** Adds up rows by view, period day, dimensions and measure. */
class Figures {
  readonly cells = new Map<string, number>();
  readonly books: string[] = [];
  entry: CountedFacts | undefined;

  receive(declaration: RawDeclaration, horizonMs = 0): this {
    const decision = decideAggregate(enriched(declaration), 0, this.entry, horizonMs);
    this.entry = decision.entry ?? this.entry;
    this.books.push(decision.book.name);
    this.add(decision.take, -1);
    this.add(decision.add, 1);
    return this;
  }
  private add(rows: readonly ContributionRow[], sign: number): void {
    for (const { view, at, dimensions, measures } of rows) for (const [name, value] of Object.entries(measures)) {
      const key = `${view} ${new Date(at).toISOString().slice(0, 10)} ${Object.values(dimensions).join('|')} ${name}`;
      const sum = (this.cells.get(key) ?? 0) + sign * value;
      if (sum === 0) this.cells.delete(key);
      else this.cells.set(key, sum);
    }
  }
  of(view: string): Record<string, number> { return Object.fromEntries([...this.cells].filter(([key]) => key.startsWith(view)).sort()); }
}
const figures = (...events: RawDeclaration[]): Figures => events.reduce((sum, event) => sum.receive(event), new Figures());

test('one accepted declaration: its duty by office, tax, chapter, origin, procedure; its value by flow, code, partner', () => {
  expect(figures(raw()).of('revenue')).toEqual({ 'revenue 2026-03-15 KIN01|CUD|87|JP|4000 assessed': 125_000, 'revenue 2026-03-15 KIN01|CUD|87|JP|4000 lines': 1 });
  expect(figures(raw()).of('statistics')).toEqual({
    'statistics 2026-03-15 IMPORT|870323|87|JP|KIN01|1 items': 1, 'statistics 2026-03-15 IMPORT|870323|87|JP|KIN01|1 netMassKg': 1_200_500, 'statistics 2026-03-15 IMPORT|870323|87|JP|KIN01|1 value': 1_250_000,
  });
});

test('an amendment corrects the period of acceptance, however late it comes', () => {
  const late = raw({ version: 2, eventId: 'D1/2', occurredAt: time('2026-09-01T00:00:00Z'), acceptedAt: time('2026-03-15T09:30:00Z'), items: [item({ taxes: [tax({ base: amount('12500'), ratePercent: null, assessed: amount('1000') })] })] });
  const { cells } = figures(raw(), late);
  expect(cells.get('revenue 2026-03-15 KIN01|CUD|87|JP|4000 assessed')).toBe(100_000);
  expect(cells.get('operations 2026-09-01 KIN01|aggregate amended')).toBe(1);
  expect(cells.has('operations 2026-03-15 KIN01|aggregate declarations')).toBe(false);
});

test('a cancellation takes everything back but money that moved', () => {
  const cancelled = raw({ version: 2, eventId: 'D1/2', status: 'CANCELLED', occurredAt: time('2026-03-25T00:00:00Z'), payments: [payment()] });
  const { cells, books } = figures(raw({ payments: [payment()] }), cancelled);
  expect(Object.fromEntries([...cells].filter(([key]) => !key.startsWith('operations')))).toEqual({ 'revenue 2026-03-20 KIN01|CUD|87|JP|4000 collected': 125_000 });
  expect(cells.get('operations 2026-03-25 KIN01|aggregate cancelled')).toBe(1);
  expect(books).toEqual(['counted', 'counted']);
});

test('LODGED is left out of the figures, but screened and counted as a declaration', () => {
  const { cells, books } = figures(raw({ status: 'LODGED', acceptedAt: null }));
  expect(books).toEqual(['leftOut']);
  expect(decideAggregate(enriched(raw({ status: 'LODGED', acceptedAt: null })), 0, undefined).book).toMatchObject({ name: 'leftOut', code: 'X-LIFE-LODGED' });
  expect([...cells.keys()]).toEqual(['operations 2026-03-15 KIN01|aggregate declarations']);
});

test('what is unusual in the life of a declaration is said, and never refused', () => {
  const codesOf = (...events: RawDeclaration[]): readonly string[] => {
    let entry: CountedFacts | undefined;
    let codes: readonly string[] = [];
    for (const event of events) {
      const decision = decideAggregate(enriched(event), 0, entry);
      entry = decision.entry ?? entry;
      codes = decision.codes.filter((code) => !code.startsWith('W-VAL'));
    }
    return codes;
  };
  const [first, second] = [raw(), raw({ version: 2, eventId: 'D1/2', occurredAt: time('2026-03-16T00:00:00Z') })];
  const released = (version: number): RawDeclaration => raw({ version, eventId: `D1/${version}`, status: 'RELEASED', occurredAt: time('2026-03-17T00:00:00Z') });
  expect(codesOf(first, second)).toEqual([]);
  expect(codesOf(second, first)).toEqual(['W-LIFE-STALE']);
  expect(codesOf(second, { ...second, eventId: 'D1/2b' })).toEqual(['W-LIFE-CONFLICT']);
  expect(codesOf(released(2), { ...released(3), status: 'ACCEPTED' })).toEqual(['W-LIFE-TRANSITION']);
  expect(codesOf(first, released(2))).toEqual([]);
  expect(codesOf(first, { ...second, acceptedAt: time('2026-03-16T00:00:00Z') })).toEqual(['W-TIM-MOVED']);
  expect(codesOf({ ...second, acceptedAt: time('2026-03-16T00:00:00Z') }, first)).toEqual(['W-LIFE-STALE', 'W-TIM-MOVED']);
});

test('a repeat and a stale version are ignored; of two events with one version the later in order stands', () => {
  const second = raw({ version: 2, eventId: 'D1/2' });
  const { books } = figures(second, second, raw());
  expect(books).toEqual(['counted', 'ignored', 'ignored']);
  const conflicting = raw({ eventId: 'D1/1b', items: [item({ netMassKg: 5_000_000n })] });
  expect(figures(raw(), conflicting).cells).toEqual(figures(conflicting, raw()).cells);
  expect(figures(raw(), conflicting).cells.get('statistics 2026-03-15 IMPORT|870323|87|JP|KIN01|1 netMassKg')).toBe(5_000);
});

test('the acceptance date is that of the lowest version, also when it arrives last', () => {
  const june = raw({ version: 2, eventId: 'D1/2', acceptedAt: time('2026-06-01T00:00:00Z'), occurredAt: time('2026-06-01T00:00:00Z') });
  const moved = figures(june).receive(raw());
  expect(moved.books).toEqual(['counted', 'ignored']);
  expect([...moved.cells.keys()].filter((key) => key.startsWith('statistics')).every((key) => key.includes('2026-03-15'))).toBe(true);
  expect(moved.cells).toEqual(figures(raw(), june).cells);
});

test('a repeat counts once, with the version that stands, whether it was the last one, an older one or another content of it', () => {
  const second = raw({ version: 2, eventId: 'D1/2', office: 'KIN02', occurredAt: time('2026-03-16T00:00:00Z') });
  const repeats = (...events: RawDeclaration[]) => [...figures(...events).cells].filter(([key]) => key.endsWith('repeated'));
  expect(repeats(raw(), second)).toEqual([]);
  for (const again of [raw(), second, raw({ eventId: 'another' }), raw({ version: 2, eventId: 'another' })]) expect(repeats(raw(), second, again)).toEqual([['quality 2026-03-16 KIN02 repeated', 1]]);
  expect(repeats(second, raw(), raw())).toEqual([['quality 2026-03-16 KIN02 repeated', 1]]);
});

test('what is doubtful, imputed or residual in an item, and what it lacks', () => {
  const doubtful = raw({ natureOfTransaction: '31', items: [item({ originCountry: 'ZZ', invoiceAmount: { amount: 0n, currency: 'CDF' }, taxes: [] }), item({ itemNumber: 2, commodityCode: '980100', taxes: [] })] });
  const { cells } = figures(doubtful);
  expect(Object.fromEntries([...cells].filter(([key]) => /^quality/.test(key)))).toEqual({
    'quality 2026-03-15 KIN01|IMPORT|87 fields.191.18': 1, 'quality 2026-03-15 KIN01|IMPORT|87 flagged': 1,
    'quality 2026-03-15 KIN01|IMPORT|99 fields.191.3': 1, 'quality 2026-03-15 KIN01|IMPORT|99 flagged': 1,
    'quality 2026-03-15 KIN01|IMPORT|99 value': 1_250_000, 'quality 2026-03-15 KIN01|IMPORT|99 residualValue': 1_250_000,
    /** ln(1,250,000 / 1,200,500) = 0.0404 */
    'quality 2026-03-15 IMPORT|999999 unitValue.KGM.0': 1,
  });
});

test('behind the horizon: without an entry refused, with one counted; an entry goes only when all its dates are behind', () => {
  const horizonMs = time('2026-04-01T00:00:00Z');
  const refused = new Figures().receive(raw(), horizonMs);
  expect([refused.books, refused.cells.size, refused.entry]).toEqual([['refused'], 0, undefined]);
  expect(new Figures().receive(raw()).receive(raw({ version: 2, eventId: 'D1/2' }), horizonMs).books).toEqual(['counted', 'counted']);
  expect(behindHorizon(figures(raw()).entry as CountedFacts, horizonMs)).toBe(true);
  expect(behindHorizon(figures(raw({ payments: [payment({ paidAt: time('2026-05-01T00:00:00Z') })] })).entry as CountedFacts, horizonMs)).toBe(false);
  expect(behindHorizon(figures(raw({ status: 'LODGED', acceptedAt: null })).entry as CountedFacts, horizonMs)).toBe(false);
});

const day = fc.integer({ min: 1, max: 60 }).map((number) => time('2026-01-01T12:00:00Z') + number * 86_400_000);
const event = fc.record({ version: fc.integer({ min: 1, max: 4 }), status: fc.constantFrom('LODGED', 'ACCEPTED', 'RELEASED', 'CANCELLED'), occurredAt: day, acceptedAt: day, paidAt: day, price: fc.integer({ min: 1, max: 9_999 }), paid: fc.boolean(), hs: fc.constantFrom('870323', '291411', '980100') })
  .map(({ version, status, occurredAt, acceptedAt, paidAt, price, paid, hs }): RawDeclaration => raw({
    version, status: status, occurredAt, acceptedAt: status === 'LODGED' ? null : acceptedAt,
    items: [item({ commodityCode: hs, invoiceAmount: { amount: BigInt(price) * 10_000n, currency: 'CDF' }, taxes: [tax({ base: BigInt(price) * 10_000n, ratePercent: null, assessed: BigInt(price) * 1_000n })] })],
    payments: paid ? [payment({ paidAt, amount: BigInt(price) * 500n })] : [],
  }));

test('the figures are a function of the set of versions: any order, any repeats', () => {
  fc.assert(fc.property(fc.array(event, { minLength: 1, maxLength: 7 }), fc.infiniteStream(fc.nat()), (made, random) => {
    const events = made.map((one, index) => ({ ...one, eventId: `D1/${index}` }));
    const picks = random[Symbol.iterator]();
    const other = [...events, ...events.filter((_, index) => index % 2 === 0)].map((one) => ({ one, at: Number(picks.next().value) })).sort((a, b) => a.at - b.at).map(({ one }) => one);
    const [first, second] = [figures(...events), figures(...other)];
    const withoutRepeats = ({ cells }: Figures) => new Map([...cells].filter(([key]) => !key.endsWith(' repeated')));
    expect(withoutRepeats(second)).toEqual(withoutRepeats(first));
    expect({ ...second.entry, repeats: 0 }).toEqual({ ...first.entry, repeats: 0 });
    const versions = new Set(events.map(({ version }) => version)).size;
    expect([first.entry?.repeats, second.entry?.repeats]).toEqual([events.length - versions, other.length - versions]);
    expect(Object.values(second.of('quality')).length).toBeGreaterThanOrEqual(other.length > versions ? 1 : 0);
    expect(second.books).toHaveLength(other.length);
  }), { numRuns: 300 });
});
