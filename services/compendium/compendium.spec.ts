import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { congo } from '../../test/support/declarations';
import { resultCodes } from '../domain/result-codes';
import { rules, type Rule } from '../domain/rules';
import { readCatalogue } from '../shell/definition-files';
import { evidenceKinds } from '../screening/evidence';
import { compendium } from './compendium';
import { confidences } from './words';

const root = join(__dirname, '../..');
const all = Object.entries<Rule>(rules);
const catalogue = readCatalogue(congo);
const documents = catalogue.documents().map(({ document }) => document);

/** Sources of all tests, to see what they name. */
function testTexts(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => (folder === 'services' ? file.endsWith('.spec.ts') : file.endsWith('.ts')) && !file.endsWith('compendium.spec.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

test('each rule says the same in both languages: a sentence, and another one', () => {
  for (const [id, { en, fr, source, by, beyond }] of all) {
    for (const text of [en, fr, ...(by ? [by.en, by.fr] : []), ...(beyond ? [beyond.en, beyond.fr] : [])]) expect(`${id} ${text}`).toMatch(/^\S+ .{8,}\.$/);
    expect(`${id} ${en === fr}`).toBe(`${id} false`);
    expect(`${id} ${source}`).toMatch(/^\S+ .{4,}/);
  }
});

test('each rule is applied by a code, by what it says, or says why not; and only one of them', () => {
  const named = new Set<string>(Object.values(resultCodes).map(({ rule }) => rule));
  for (const [id, { by, beyond }] of all) expect(`${id} ${named.has(id) || by !== undefined}`).toBe(`${id} ${beyond === undefined}`);
});

test('each code means something in both languages, and a test names it', () => {
  const texts = [...testTexts('services'), ...testTexts('test'), readFileSync(join(root, 'services/generate/faults.ts'), 'utf8')].join('\n');
  for (const [code, { en, fr }] of Object.entries(resultCodes)) {
    expect(`${code} ${texts.includes(code)}`).toBe(`${code} true`);
    expect(en).not.toBe(fr);
  }
});

test('each confidence of the built-in lists is known in French, and each row names its source', () => {
  const lists = documents.flatMap((document) => (document.kind === 'watchlist' ? document.rows : []));
  expect(lists.filter(({ status, source }) => !(status in confidences) || !source).map(({ rowId }) => rowId)).toEqual([]);
});

test('each kind of evidence is shown by a test', () => {
  const texts = testTexts('services').join('\n');
  expect(Object.keys(evidenceKinds).filter((kind) => !texts.includes(kind))).toEqual([]);
});

test.each(['en', 'fr'] as const)('%s: it holds every rule, every code, every row of every list, and no hole', (language) => {
  const text = compendium({ documents, profile: congo, referenceSet: catalogue.latest.digest }, language);
  for (const id of [...Object.keys(rules), ...Object.keys(resultCodes)]) expect(text).toContain(id);
  for (const document of documents) if (document.kind === 'watchlist') for (const { rowId, substance } of document.rows) expect(text).toContain(`| ${rowId} | ${substance}`);
  expect(text).not.toMatch(/\bundefined\b|\bnull\b|\[object/);
});

const research = join(process.env['TIDEWAITER_SHARED'] ?? join(root, '../shared'), 'domain.md');
(existsSync(research) ? test : test.skip)('no rule of the research is missing', () => {
  const ids = new Set(readFileSync(research, 'utf8').match(/\b(?:VAL|SYS|COV|PTR|UNIT|MOT|TIM|HS|CUR|LOC|REV|LIFE|WL|MATCH|PEN)\.\d\d\b/g));
  expect(ids.size).toBeGreaterThan(60);
  expect([...ids].filter((id) => !(id in rules)).sort()).toEqual([]);
});
