import headings from '../../../schemas/reference/hs-headings-2022.json';
import { knownValues, namedValue, valueName } from './names';

/** Goods that no code was given for: no chapter of the system. */
const UNSPECIFIED = '99';

test.each([
  ['en', 'chapter', '87', '87 – Vehicles'], ['fr', 'chapter', '87', '87 – Véhicules'], ['en', 'hs6', '870323', '870323 – Vehicles'], ['fr', 'partner', 'CD', 'CD – Congo-Kinshasa'], ['en', 'origin', 'ZZ', 'ZZ – not specified'],
  ['en', 'taxType', 'VAT', 'VAT – value added tax'], ['fr', 'transportMode', '3', '3 – route'], ['en', 'chapter', '99', '99'], ['en', 'office', 'KIN01', 'KIN01'], ['en', 'taxType', 'QQQ', 'QQQ'], ['en', 'partner', 'not a code', 'not a code'],
] as const)('%s %s %s', (language, dimension, value, shown) => { expect(namedValue(language, dimension, value)).toBe(shown); });

test('every chapter of the edition in force has a name in both languages, no two the same', () => {
  const chapters = [...new Set(headings.rows.map((heading) => heading.slice(0, 2)))].filter((chapter) => chapter !== UNSPECIFIED);
  expect(chapters).toHaveLength(96);
  for (const language of ['en', 'fr'] as const) expect(new Set(chapters.map((chapter) => valueName(language, 'chapter', chapter))).size).toBe(96);
  expect(chapters.filter((chapter) => valueName('en', 'chapter', chapter) === undefined)).toEqual([]);
});

test('every country of the built-in list has a name; offices are known by declarations alone', () => {
  expect(knownValues('partner').length).toBeGreaterThan(240);
  expect(knownValues('partner').filter((code) => valueName('fr', 'partner', code) === undefined)).toEqual([]);
  expect(knownValues('taxType')).toContain('VAT');
  expect(knownValues('office')).toEqual([]);
});
