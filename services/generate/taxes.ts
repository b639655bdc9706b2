/** Duty and taxes of a synthetic item: customs value → CUD, + CUD → EXC, + CUD + EXC → VAT (domain REV.02). */
import { due } from './amounts';
import type { DraftEvent, DraftItem, DraftTax } from './draft';
import { weighted, type Random } from './random';

export type Terms = Pick<DraftEvent, 'flow' | 'incoterm' | 'procedure'>;

const inclusive: ReadonlySet<string> = new Set(['EXW', 'FCA', 'FAS', 'FOB']);
const freightOnly: ReadonlySet<string> = new Set(['CFR', 'CPT']);
const temporary: ReadonlySet<string> = new Set(['5300', '5371']);
const excised: Readonly<Record<string, number>> = { '22': 2_500, '24': 4_000, '27': 1_500, '87': 1_000 };
const dutyRates = weighted([[500, 30], [1_000, 30], [2_000, 22], [0, 12], [250, 3], [1_250, 2], [72, 1]]);
const exportRates = weighted([[100, 3], [300, 4], [1_000, 3]]);
const valueAddedRates: Readonly<Record<string, number>> = { CD: 1_600, KR: 1_000 };

/** CIF of imports, FOB of exports, in 0.0001 of the home currency. */
export function customsValue(item: DraftItem, { flow, incoterm }: Terms): number {
  const [freight, insurance] = [item.freight ?? 0, item.insurance ?? 0];
  if (incoterm === null) return item.invoice;
  if (flow === 'IMPORT') return item.invoice + (inclusive.has(incoterm) ? freight + insurance : freightOnly.has(incoterm) ? insurance : 0);
  return item.invoice - (inclusive.has(incoterm) ? 0 : freightOnly.has(incoterm) ? freight : freight + insurance);
}

/** Puts tax lines on a new item. `minor`: minor unit in 0.0001. */
export function levy(item: DraftItem, terms: Terms, authority: string, minor: number, random: Random): void {
  const line = (type: string, rate: number | null, assessed = 0): DraftTax => ({ type, base: 0, rate, assessed, relief: 0 });
  if (terms.flow === 'EXPORT') item.taxes = random.chance(0.2) ? [line('CUD', exportRates.draw(random))] : [];
  else if (temporary.has(terms.procedure)) item.taxes = [line('MCD', null, due(customsValue(item, terms), 1_000, minor))];
  else if (random.chance(0.002)) item.taxes = [line('TOT', null, due(customsValue(item, terms), 2_600, minor))];
  else {
    item.taxes = [line('CUD', dutyRates.draw(random))];
    const excise = excised[item.commodityCode.slice(0, 2)];
    if (excise !== undefined) item.taxes.push(random.chance(0.1) ? line('EXC', null, random.between(100, 90_000) * minor) : line('EXC', excise));
    if (random.chance(0.92)) item.taxes.push(line('VAT', valueAddedRates[authority] ?? 1_000));
    if (random.chance(0.004)) item.taxes.push(line('AAP', null, random.between(10, 5_000) * minor));
  }
  assess(item, terms, minor, random);
}

/** Works out bases, amounts and reliefs, anew after the value has changed. */
export function assess(item: DraftItem, terms: Terms, minor: number, random: Random): void {
  const value = customsValue(item, terms);
  let base = value;
  for (const tax of item.taxes) {
    tax.base = tax.type === 'CUD' || tax.type === 'EXC' || tax.type === 'VAT' ? base : value;
    if (tax.rate !== null) {
      tax.assessed = due(tax.base, tax.rate, minor);
      if (tax.assessed > 0 && random.chance(0.003)) tax.assessed = blurred(tax, tax.rate, minor, random);
      tax.relief = item.preference === null ? 0 : item.preference === 'FULL' ? tax.assessed : due(tax.assessed, 5_000, minor);
    }
    if (tax.type === 'CUD' || tax.type === 'EXC') base += tax.assessed;
  }
}

/** Within one minor unit of base × rate, yet another amount: with decimals behind it, or rounded the other way. */
function blurred({ base, assessed }: DraftTax, rate: number, minor: number, random: Random): number {
  if (random.chance(0.5)) return assessed + random.between(1, minor / 2);
  const product = base * rate;
  if (!Number.isSafeInteger(product)) return assessed;
  return assessed * 10_000 > product ? assessed - minor : assessed + minor;
}

/** What is to be paid by tax type, in 0.0001: assessed less relief, securities apart. */
export function payable(items: readonly DraftItem[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { taxes } of items) {
    for (const { type, assessed, relief } of taxes) if (type !== 'TOT' && type !== 'AAP') sums.set(type, (sums.get(type) ?? 0) + assessed - relief);
  }
  return sums;
}
