/**
 * Precursors as traders write them, at every match level (domain §6): HS basket and own codes, CAS numbers
 * in their field and in text, names and synonyms, names denied, codes that do not fit. The codes are the
 * same in HS 2017 and HS 2022. `level` is the highest level that the case must reach on any list.
 */
import type { DraftItem } from './draft';
import type { Random } from './random';

export interface PrecursorCase {
  readonly code: string;
  readonly description: string | null;
  readonly casNumber?: string;
  readonly concentration?: string;
  readonly level: 0 | 1 | 2 | 3 | 4 | 5;
}

export const precursorCases: readonly PrecursorCase[] = [
  { code: '330430', description: 'Acetone-free nail varnish cleaner', level: 0 },
  { code: '381400', description: 'Paint thinner, not containing toluene or acetone', level: 0 },
  { code: '381400', description: 'Diluant sans acétone', level: 0 },
  { code: '340290', description: 'Degreaser, free of sulphuric acid', level: 0 },
  { code: '854231', description: 'Chips, lot 2026-10-17, order 67-64-2', level: 0 },
  { code: '293339', description: 'Pharmaceutical intermediate', level: 1 },
  { code: '291899', description: null, level: 1 },
  { code: '330430', description: 'Nail polish remover, acetone 60 %', level: 1 },
  { code: '283429', description: 'Engrais soluble', level: 1 },
  { code: '291411', description: null, level: 2 },
  { code: '28070010', description: 'Électrolyte pour batteries', level: 2 },
  { code: '28416100', description: null, level: 2 },
  { code: '284700', description: 'Oxidising agent', casNumber: '7722-84-1', concentration: '8.5', level: 4 },
  { code: '293299', description: 'Oxiranecarboxylate derivative, research use', level: 3 },
  { code: '293339', description: 'Substituted piperidinamine, 98 %', level: 3 },
  { code: '291899', description: 'Glycidate ester', level: 3 },
  { code: '291411', description: 'Solvent in drums', casNumber: '67-64-1', level: 4 },
  { code: '2915240000', description: 'Acetic anhydride, 220 kg drums', level: 4 },
  { code: '28416100', description: 'Permanganate, CAS 7722-64-7', level: 4 },
  { code: '291412', description: 'MEK, technical grade', level: 4 },
  { code: '293944', description: 'phenylpropanolamine hydrochloride', level: 4 },
  { code: '290911', description: 'Diethyl-ether p.a.', level: 4 },
  { code: '31023010', description: 'Ammonium nitrate, prilled', concentration: '99.0000', level: 4 },
  { code: '32089090', description: 'Potassium permanganate, industrial', level: 5 },
  { code: '340111', description: 'Savon, 103-79-7', level: 5 },
  { code: '293299', description: 'PMK glycidate', level: 4 },
  { code: '392690', description: 'Plastic parts', casNumber: '299-42-3', level: 5 },
  { code: '330499', description: 'α-phenylacetoacetonitrile sample', level: 5 },
];

/** Turns an item into one of the cases. */
export function disguise(item: DraftItem, random: Random): void {
  const chosen = random.pick(precursorCases);
  item.commodityCode = chosen.code;
  item.description = chosen.description;
  item.casNumber = chosen.casNumber ?? null;
  item.concentration = chosen.concentration ?? null;
  if (random.chance(0.3)) item.document = `PEN-${random.between(1_000, 9_999)}`;
}
