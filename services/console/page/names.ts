/** Names beside codes, by language: chapters of the Harmonized System, countries, taxes, ways of transport. The code stays: it is what declarations say. */
import countries from '../../../schemas/reference/countries.json';
import chapters from '../texts/hs-chapters.json';
import { locales, wordOf, wordsOf, type Language } from './texts';

/** Dimensions whose values have a word in the catalogue. */
const areas: Readonly<Record<string, string>> = { flow: 'flow', taxType: 'tax', taxGroup: 'taxGroup', transportMode: 'transport' };
const countryDimensions = new Set(['partner', 'origin']);
const regionNames = new Map<Language, Intl.DisplayNames>();
const chapterNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = chapters.chapters;

function countryName(language: Language, code: string): string {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return code === 'ZZ' ? wordOf(language, 'country', code) : code;
  let names = regionNames.get(language);
  if (!names) regionNames.set(language, (names = new Intl.DisplayNames([locales[language]], { type: 'region' })));
  return names.of(code) ?? code;
}

/** The name of a dimension's value, of an HS code that of its chapter; undefined where the code is all there is. */
export function valueName(language: Language, dimension: string, value: string): string | undefined {
  if (dimension === 'chapter' || dimension === 'hs6') return Object.hasOwn(chapterNames, value.slice(0, 2)) ? chapterNames[value.slice(0, 2)]?.[language] : undefined;
  const area = areas[dimension];
  const name = countryDimensions.has(dimension) ? countryName(language, value) : area === undefined ? value : wordOf(language, area, value);
  return name === value ? undefined : name;
}

/** `87 – Vehicles`: in drawings and labels, where nothing else keeps the two apart. */
export function namedValue(language: Language, dimension: string, value: string): string {
  const name = valueName(language, dimension, value);
  return name === undefined ? value : `${value} – ${name}`;
}

/** Values that have a name of their own, to be chosen from; none where only the declarations know them. */
export function knownValues(dimension: string): string[] {
  if (dimension === 'chapter') return Object.keys(chapterNames).sort();
  if (countryDimensions.has(dimension)) return countries.rows.map(({ code }) => code);
  const area = areas[dimension];
  return area === undefined ? [] : wordsOf(area);
}
