/** Both catalogues travel with the page: the sign-in screen has no session to ask for them with. */
import english from '../texts/en.json';
import french from '../texts/fr.json';

export type Language = 'en' | 'fr';
export type TextKey = keyof typeof english;
type Values = Readonly<Record<string, string | number>>;

const catalogues: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en: english, fr: french };
export const locales: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };
export const languages: readonly Language[] = ['en', 'fr'];

export function translate(language: Language, key: TextKey, values: Values = {}): string {
  return catalogues[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The word of the catalogue for a name of the contract; the name itself where the catalogue has none. */
export function wordOf(language: Language, area: string, name: string): string {
  const key = `${area}.${name}`;
  return Object.hasOwn(catalogues[language], key) ? catalogues[language][key as TextKey] : name;
}

/** Values of these dimensions are codes with a name: `CN` → China. */
const named: Readonly<Record<string, string>> = { flow: 'flow', taxType: 'tax', taxGroup: 'taxGroup', transportMode: 'transport' };
const countries = new Set(['partner', 'origin']);
const regionNames = new Map<Language, Intl.DisplayNames>();

function countryName(language: Language, code: string): string {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return code === 'ZZ' ? wordOf(language, 'country', code) : code;
  let names = regionNames.get(language);
  if (!names) regionNames.set(language, (names = new Intl.DisplayNames([locales[language]], { type: 'region' })));
  return names.of(code) ?? code;
}

/** The name of a dimension's value, or undefined where the code is all there is. */
export function valueName(language: Language, dimension: string, value: string): string | undefined {
  const area = named[dimension];
  const name = countries.has(dimension) ? countryName(language, value) : area === undefined ? value : wordOf(language, area, value);
  return name === value ? undefined : name;
}
