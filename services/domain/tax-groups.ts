/**
 * What a tax is, for those who must not mix taxes on international trade (GFSM 2014, 115) with taxes on goods
 * and services that customs collects at the border (VAT 1141, excise 1142). Types are UN/EDIFACT 5153.
 */
const groups: Readonly<Record<string, readonly string[]>> = {
  'international-trade': ['CUD', 'ADD', 'CVD', 'CAP', 'SUR'],
  vat: ['VAT', 'GST'],
  excise: ['EXC', 'AAA', 'AAD', 'AAK', 'ENV'],
  security: ['MCD', 'VAD', 'PDB', 'PDC', 'AAB', 'AAC'],
  'non-tax': ['AAP'],
};
const groupByType = new Map(Object.entries(groups).flatMap(([group, types]) => types.map((type) => [type, group] as const)));

/** `other` for types that no group claims. */
export const taxGroupOf = (taxType: string): string => groupByType.get(taxType) ?? 'other';
