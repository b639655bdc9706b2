import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const catalogue = (language: string): Record<string, string> => JSON.parse(readFileSync(join(__dirname, `${language}.json`), 'utf8')) as Record<string, string>;
const [english, french] = [catalogue('en'), catalogue('fr')];
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string).sort();
const page = join(__dirname, '..', 'page');

describe('texts', () => {
  it('have the same keys and placeholders in both languages', () => {
    expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) expect([key, placeholders(french[key] as string)]).toEqual([key, placeholders(text)]);
  });

  it('leave nothing empty and no key without an area', () => {
    for (const texts of [english, french]) {
      for (const [key, text] of Object.entries(texts)) {
        expect(key).toMatch(/^[a-zA-Z]+\.[\w-]+$/);
        expect([key, text.trim()]).not.toEqual([key, '']);
      }
    }
  });

  it('have every word that the page names', () => {
    const sources = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts'));
    const named = sources.flatMap((name) => [...readFileSync(join(page, name), 'utf8').matchAll(/\bt\('([\w.-]+)'/g)].map(([, key]) => key as string));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((key) => !(key in english))).toEqual([]);
  });
});
