/** The words that officers read, one catalogue a language: services/console/texts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages, type Language } from '../domain/language';
import { projectRoot } from '../shell/project-root';

export interface Catalogue { readonly words: Readonly<Record<string, string>>; readonly etag: string }

export class Texts {
  private readonly catalogues: ReadonlyMap<Language, Catalogue>;

  constructor() {
    this.catalogues = new Map(languages.map((language) => {
      const text = readFileSync(join(projectRoot(), 'services', 'console', 'texts', `${language}.json`), 'utf8');
      return [language, { words: JSON.parse(text) as Record<string, string>, etag: `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"` }];
    }));
  }

  catalogue(language: string): Catalogue | undefined { return this.catalogues.get(language as Language); }

  /** In every language; `{name}` in a text stands for a value. */
  all(key: string, values: Readonly<Record<string, string | number>>): Readonly<Record<Language, string>> {
    const filled = (language: Language): string => (this.catalogues.get(language)?.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
    return Object.fromEntries(languages.map((language) => [language, filled(language)])) as Record<Language, string>;
  }
}
