/**
 * The figures that a generated file must give, by the rules of design §3 and §4 and exactness §8, §14, §15,
 * worked out from its lines alone with arithmetic of its own: nothing here is shared with the services, so
 * that the two can be held against each other. Slow, and keeps every cell in memory.
 */
import type { Profile } from '../reference/types';
import { Days, exact, rounded, shared, shown } from './expected-numbers';
import { completeness, unitValueClass } from './expected-quality';
import { ExpectedRules, type Line, type LineItem } from './expected-rules';
import { ExpectedScreening } from './expected-screening';

/** A line of the file; `fault` when it must be refused. */
export interface ExpectedInput { readonly line: string; readonly fault?: { readonly stage: string; readonly code: string } | undefined }
type Dimensions = Readonly<Record<string, string>>;
type Measures = Readonly<Record<string, bigint>>;

/** Refused for its own date: counted when it arrives, which the file does not know. */
const ON_ARRIVAL = 'arrival';
/** In the form of the file; dates that the generator sets into the future lie behind the second. */
const [EARLIEST, FAR_FUTURE] = ['1988-01-01', '2099-01-01'];
const ALERT_LEVEL = 3;
const moneyMeasures: ReadonlySet<string> = new Set(['assessed', 'relief', 'collected', 'refunded', 'deposits', 'value', 'imputedValue', 'residualValue']);

export class ExpectedFigures {
  private readonly cells = new Map<string, Record<string, bigint>>();
  private readonly refusedByCode = new Map<string, number>();
  private readonly days: Days;
  private readonly rules: ExpectedRules;
  private readonly screening = new ExpectedScreening();
  private raw = 0;

  constructor(private readonly profile: Profile) {
    this.days = new Days(profile.timeZone);
    this.rules = new ExpectedRules(profile);
  }

  /** Everything that the file holds of one declaration, in any order. */
  add(inputs: readonly ExpectedInput[]): void {
    const lines: Line[] = [];
    for (const { line, fault } of inputs) {
      this.raw++;
      const read = JSON.parse(line) as Line;
      if (fault) this.refuse(read, fault);
      else lines.push(read);
    }
    if (lines.length === 0) return;
    const standing = lines.reduce((best, line) => (compare(line, best) > 0 ? line : best));
    this.arrivals(lines, standing);
    this.operations(standing);
    if (standing.status === 'LODGED') return;
    const accepted = acceptanceOf(lines);
    if (accepted !== undefined && standing.status !== 'CANCELLED') for (const item of standing.items) this.item(standing, item, accepted);
    for (const payment of standing.payments) this.payment(standing, payment);
  }

  /** One JSON text a cell, sorted; the books last. */
  *rows(): Generator<string> {
    for (const key of [...this.cells.keys()].sort()) {
      const measures = Object.entries(this.cells.get(key) as Measures).filter(([, value]) => value !== 0n);
      if (measures.length === 0) continue;
      const [view, grain, period, dims] = JSON.parse(key) as [string, string, string, Dimensions];
      yield JSON.stringify({ view, grain, period, dims, measures: Object.fromEntries(measures.map(([name, value]) => [name, this.form(name, value)])) });
    }
    const codes = [...this.refusedByCode].sort(([a], [b]) => (a < b ? -1 : 1));
    yield JSON.stringify({ books: { raw: this.raw, refused: codes.reduce((sum, [, count]) => sum + count, 0), refusedByCode: Object.fromEntries(codes) } });
  }

  private form(measure: string, value: bigint): string | number {
    if (moneyMeasures.has(measure)) return shown(value, this.profile.minorUnits);
    return measure === 'netMassKg' || measure.startsWith('quantity.') ? shown(value, 3) : Number(value);
  }

  private count(view: string, day: string, dims: Dimensions, measures: Measures): void {
    this.cell(JSON.stringify([view, 'day', day, dims]), measures);
    this.cell(JSON.stringify([view, 'month', day === ON_ARRIVAL ? day : day.slice(0, 7), dims]), measures);
  }

  private cell(key: string, measures: Measures): void {
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = {}));
    for (const name in measures) cell[name] = (cell[name] ?? 0n) + (measures[name] as bigint);
  }

  private refuse({ office, occurredAt }: Line, { stage, code }: { stage: string; code: string }): void {
    this.refusedByCode.set(code, (this.refusedByCode.get(code) ?? 0) + 1);
    const day = occurredAt < EARLIEST || occurredAt >= FAR_FUTURE ? ON_ARRIVAL : this.days.of(occurredAt);
    this.count('operations', day, { office, stage }, { refused: 1n });
    this.count('quality', day, { office }, { refused: 1n });
  }

  /** Every event is an arrival; repeats are counted with the version that stands. How late events arrived the file does not know. */
  private arrivals(lines: readonly Line[], standing: Line): void {
    for (const { office, occurredAt } of lines) this.count('quality', this.days.of(occurredAt), { office }, { events: 1n });
    const repeated = lines.length - new Set(lines.map(({ version }) => version)).size;
    this.count('quality', this.days.of(standing.occurredAt), { office: standing.office }, { repeated: BigInt(repeated) });
  }

  /** From the highest version alone, when it came into being; what is lodged is screened too, what is cancelled is not. */
  private operations(line: Line): void {
    const day = this.days.of(line.occurredAt);
    const one = (holds: boolean): bigint => (holds ? 1n : 0n);
    this.count('operations', day, { office: line.office, stage: 'aggregate' }, {
      declarations: 1n, accepted: one(line.status !== 'LODGED'), amended: one(line.version > 1), cancelled: one(line.status === 'CANCELLED'),
    });
    if (line.status === 'CANCELLED') return;
    const hits = line.items.flatMap((item) => this.screening.hits(item, this.days.of(line.acceptedAt ?? line.occurredAt)));
    const alerts = hits.filter(({ level }) => level >= ALERT_LEVEL).length;
    if (alerts > 0) this.count('operations', day, { office: line.office, stage: 'enrich' }, { alerts: BigInt(alerts) });
  }

  private item(line: Line, item: LineItem, acceptedAt: string): void {
    const { rules } = this;
    const day = this.days.of(acceptedAt);
    const hs6 = rules.hs6(item);
    const partner = line.flow === 'IMPORT' ? item.originCountry : line.partnerCountry;
    const weighed = { value: rules.value(line, item), netMassKg: rounded(exact(item.netMassKg), 3), items: 1n };
    if (rules.isTrade(line, item)) {
      const quantity = rules.quantity(item);
      this.count('statistics', day, { flow: line.flow, hs6, chapter: hs6.slice(0, 2), partner, office: line.office, transportMode: line.transportMode },
        quantity ? { ...weighed, [`quantity.${quantity.unit}`]: quantity.thousandths } : weighed);
      this.quality(line, item, day, { hs6, partner, value: weighed.value, grams: weighed.netMassKg, quantity });
    }
    for (const tax of item.taxes) {
      if (rules.isRevenue(tax.type)) this.count('revenue', day, this.revenueOf(line, item, tax.type), { assessed: rules.minor(tax.assessed), relief: rules.minor(tax.relief), lines: 1n });
    }
    for (const { list, substance, level } of this.screening.hits(item, this.days.of(line.acceptedAt ?? line.occurredAt))) {
      this.count('precursors', day, { list, substance, flow: line.flow, partner, level: String(level) }, weighed);
    }
  }

  private quality(line: Line, item: LineItem, day: string, counted: { hs6: string; partner: string; value: bigint; grams: bigint; quantity: { unit: string; thousandths: bigint } | undefined }): void {
    const { hs6, value } = counted;
    this.count('quality', day, { office: line.office, flow: line.flow, chapter: hs6.slice(0, 2) }, {
      [`fields.${completeness(line, item, counted, this.rules.expectedFields)}`]: 1n, value,
      imputedValue: value <= 0n && this.rules.isGift(line) ? value : 0n, residualValue: hs6 === '999999' || counted.partner === 'ZZ' ? value : 0n,
    });
    const measured = counted.quantity && counted.quantity.thousandths > 0n ? counted.quantity : { unit: 'KGM', thousandths: counted.grams };
    const unitValue = unitValueClass(value, measured.thousandths);
    if (unitValue !== undefined) this.count('quality', day, { flow: line.flow, hs6 }, { [`unitValue.${measured.unit}.${unitValue}`]: 1n });
  }

  private revenueOf({ office, procedure }: Line, item: LineItem, taxType: string): Dimensions {
    return { office, taxType, chapter: this.rules.hs6(item).slice(0, 2), origin: item.originCountry, procedure };
  }

  private payment(line: Line, { taxType, kind, amount, paidAt }: Line['payments'][number]): void {
    const measure = kind === 'DEPOSIT' || this.rules.isDeposit(taxType) ? 'deposits' : kind === 'REFUND' ? 'refunded' : 'collected';
    const weights = line.items.map(({ taxes }) => taxes.reduce((sum, tax) => (tax.type === taxType ? sum + this.rules.minor(tax.assessed) : sum), 0n));
    shared(this.rules.minor(amount), weights).forEach((part, index) => {
      this.count('revenue', this.days.of(paidAt), this.revenueOf(line, line.items[index] as LineItem, taxType), { [measure]: part });
    });
  }
}

/** The order within a declaration (design §3). */
function compare(a: Line, b: Line): number {
  if (a.version !== b.version) return a.version - b.version;
  const later = Date.parse(a.occurredAt) - Date.parse(b.occurredAt);
  return later !== 0 ? later : a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0;
}

/** That of the lowest version that has one; among events of that version, of the highest in order. */
function acceptanceOf(lines: readonly Line[]): string | undefined {
  const dated = lines.filter(({ acceptedAt }) => acceptedAt !== null);
  const lowest = Math.min(...dated.map(({ version }) => version));
  const deciding = dated.filter(({ version }) => version === lowest).sort(compare).at(-1);
  return deciding?.acceptedAt ?? undefined;
}
