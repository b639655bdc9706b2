/** One synthetic item: goods, masses, quantities and invoice. */
import type { Profile } from '../reference/types';
import { AMOUNT_UNIT, atLeastOne, MEASURE_UNIT } from './amounts';
import { minorOf, type DraftItem } from './draft';
import { disguise } from './precursor-cases';
import { weighted, type Random } from './random';
import { levy, type Terms } from './taxes';
import { descriptionsOf, type Vocabulary } from './vocabulary';

/** Home currency in an ordinary item, median. */
const medianInvoice: Readonly<Record<string, number>> = { CD: 5_000_000, KR: 2_000_000 };
/** Home currency per kg, roughly. */
const pricePerKilogram: Readonly<Record<string, number>> = { CD: 6_000, KR: 5_000 };
const SPREAD = 1.4;
const unitsOf: Readonly<Record<string, readonly string[]>> = { '22': ['LTR', 'HLT'], '27': ['LTR', 'MTQ'], '24': ['MIL'], '87': ['C62', 'NAR', 'NMB'], '10': ['TNE'], '64': ['PR'], '44': ['MTQ'], '84': ['H87', 'SET'], '85': ['C62', 'DZN', 'KWH'] };
const otherUnits = ['KGM', 'TNE', 'MTK', 'LBR', 'FOT', 'GRM', 'C62'];
const fewUnits: ReadonlySet<string> = new Set(['C62', 'NAR', 'NMB', 'H87', 'SET', 'DZN', 'PR']);
const termsOf = weighted<string | null>([['FOB', 26], ['CIF', 30], ['CFR', 14], ['EXW', 7], ['FCA', 6], ['CIP', 4], ['CPT', 4], ['DAP', 3], ['DDP', 2], ['FAS', 1], [null, 3]]);
const carriageOfExport: ReadonlySet<string> = new Set(['CFR', 'CPT', 'CIF', 'CIP', 'DAP', 'DDP']);

export interface ItemContext { readonly profile: Profile; readonly words: Vocabulary; readonly random: Random; readonly precursors: number }
export interface ItemHead extends Terms { readonly nature: string | null; readonly partner: string; readonly atMs: number }

export const drawIncoterm = (random: Random): string | null => termsOf.draw(random);

export function makeItem(context: ItemContext, head: ItemHead, itemNumber: number): DraftItem {
  const { profile, words, random } = context;
  const heading = (head.flow === 'IMPORT' ? words.importHeadings : words.exportHeadings)(head.atMs).draw(random);
  const item: DraftItem = {
    itemNumber, commodityCode: commodityCode(heading, words, random), description: random.chance(0.7) ? random.pick(descriptionsOf(heading.slice(0, 2))) : null,
    casNumber: null, concentration: null, origin: origin(context, head), preference: random.chance(0.12) ? (random.chance(0.6) ? 'FULL' : 'HALF') : null,
    netMass: 0, quantity: null, invoice: 0, currency: profile.currency, freight: null, insurance: null,
    document: random.chance(0.1) ? `L-${random.between(1, 99_999)}` : null, taxes: [],
  };
  if (random.chance(context.precursors)) disguise(item, random);
  price(item, head, profile, random);
  item.quantity = quantity(item, random);
  levy(item, head, profile.id, minorOf(profile), random);
  return item;
}

function commodityCode(heading: string, words: Vocabulary, random: Random): string {
  if (random.chance(0.002)) return random.pick(['980100', '99089000', '770100']);
  const code = heading + words.subheadings.draw(random);
  const length = random.next();
  return length < 0.3 ? code : length < 0.8 ? `${code}00` : length < 0.9 ? `${code}0` : length < 0.95 ? `${code}100` : `${code}${random.between(1_000, 9_999)}`;
}

function origin({ profile, words, random }: ItemContext, { flow, partner }: ItemHead): string {
  if (random.chance(0.004)) return 'ZZ';
  if (flow === 'EXPORT') return random.chance(0.95) ? profile.reporter : words.partners.draw(random);
  if (random.chance(0.003)) return profile.reporter;
  return random.chance(0.65) ? partner : words.partners.draw(random);
}

/** Invoice, freight, insurance and mass. Values under nature 3 may be zero: nothing was paid. */
function price(item: DraftItem, { flow, incoterm, nature }: ItemHead, profile: Profile, random: Random): void {
  const minor = minorOf(profile);
  const amount = (medianInvoice[profile.id] ?? 1_000) * Math.exp(random.normal() * SPREAD);
  item.invoice = atLeastOne(amount * AMOUNT_UNIT, minor) + 10 * minor;
  if (random.chance(0.02)) item.invoice += random.between(1, minor - 1);
  const carried = flow === 'IMPORT' ? incoterm !== null : incoterm !== null && carriageOfExport.has(incoterm);
  if (carried) {
    item.freight = atLeastOne(item.invoice * (0.02 + random.next() * 0.1), minor);
    item.insurance = atLeastOne(item.invoice * (0.001 + random.next() * 0.005), minor);
  }
  if (nature === '34' && random.chance(0.5)) [item.invoice, item.freight, item.insurance] = [0, item.freight && 0, item.insurance && 0];
  const kilograms = (amount / (pricePerKilogram[profile.id] ?? 1)) * Math.exp(random.normal() * 0.5);
  item.netMass = random.chance(0.003) ? 0 : atLeastOne(kilograms * MEASURE_UNIT, random.chance(0.02) ? 1 : random.chance(0.5) ? 1_000 : MEASURE_UNIT);
}

function quantity({ commodityCode: code, netMass }: DraftItem, random: Random): DraftItem['quantity'] {
  const units = unitsOf[code.slice(0, 2)];
  if (!random.chance(units ? 0.9 : 0.15)) return null;
  if (random.chance(0.004)) return { unit: 'XQQ', value: MEASURE_UNIT };
  const unit = random.pick(units ?? otherUnits);
  return { unit, value: fewUnits.has(unit) ? random.between(1, 400) * MEASURE_UNIT : Math.round(netMass * (0.001 + random.next())) };
}
