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

export const isText = (key: string): key is TextKey => Object.hasOwn(english, key);

/** The word of the catalogue for a name of the contract; the name itself where the catalogue has none. */
export function wordOf(language: Language, area: string, name: string): string {
  const key = `${area}.${name}`;
  return isText(key) ? catalogues[language][key] : name;
}

/** Names that an area of the catalogue has words for. */
export const wordsOf = (area: string): string[] => Object.keys(english).filter((key) => key.startsWith(`${area}.`)).map((key) => key.slice(area.length + 1));
