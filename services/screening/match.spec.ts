import { item, measure, percent, referenceWith, time } from '../../test/support/declarations';
import type { Item } from '../domain/declaration';
import { matchItem, type Movement } from './match';

const head = { version: '1', validFrom: null, validTo: null, source: 'a test' };
const row = (changes: Record<string, unknown>) => ({ rowId: 'T-1', substance: 'testium oxide', synonyms: ['TX 9', 'oxyde de testium'], cas: ['67-64-1'], hs: [{ edition: '2022', code: '291411', kind: 'own' }], mixtureHs: ['382499'], familyKeywords: [], concentrationLimitPercent: null, thresholdKg: null, validFrom: null, validTo: null, status: 'confirmed', ...changes });
const list = (...rows: Record<string, unknown>[]) => ({ kind: 'watchlist', id: 'TEST', ...head, rows: rows.map(row) });
const notices = { kind: 'notices', id: 'pen', ...head, rows: [{ list: 'TEST', row: 'T-1', country: 'NL', validFrom: '2026-03-01', validTo: '2026-03-31' }, { list: 'TEST', row: null, country: 'BE', validFrom: null, validTo: null }] };

const imports: Movement = { flow: 'IMPORT', partnerCountry: 'NL' };
const goods = (changes: Partial<Item>): Item => item({ commodityCode: '870323', taxes: [], netMassKg: measure('10'), ...changes });

/** Level and evidence of the test list's only row; '0' without a hit. */
function judged(changes: Partial<Item>, documents: readonly unknown[] = [list({})], movement = imports, day = '2026-03-15'): string {
  const hit = matchItem(goods(changes), movement, referenceWith(documents).at(time(`${day}T12:00:00Z`))).find(({ listId }) => listId === 'TEST');
  return hit ? `${hit.level} ${hit.evidence.join(' ')}` : '0';
}

const own = { commodityCode: '291411' };
test.each<[string, Partial<Item>, string]>([
  ['own code', own, '2 hs-own'],
  ['a code longer than six digits', { commodityCode: '2914110000' }, '2 hs-own'],
  ['name under its own code', { ...own, description: 'Testium oxide, pure' }, '4 hs-own name'],
  ['name under another code', { description: 'testium-oxide' }, '5 hs-misfit name'],
  ['name under a heading of its mixtures', { commodityCode: '38249996', description: 'testium oxide 5 %' }, '4 name'],
  ['French synonym, accents and capitals', { ...own, description: 'OXYDÉ de Testium' }, '4 hs-own name'],
  ['a synonym with a number', { ...own, description: 'compound TX-9' }, '4 hs-own name'],
  ['a synonym cut off', { ...own, description: 'compound TX' }, '2 hs-own'],
  ['a name inside other words', { description: 'protestium oxides' }, '0'],
  ['denied in French', { description: 'Détergent exempt d’oxyde de testium' }, '0'],
  ['denied, one clause further affirmed', { ...own, description: 'no acetone; testium oxide' }, '4 hs-own name'],
  ['full-width letters', { ...own, description: 'ｔｅｓｔｉｕｍ oxide' }, '4 hs-own name'],
  ['CAS in its field and in the text', { ...own, casNumber: '67-64-1', description: 'CAS 67-64-1' }, '4 cas cas-text hs-own'],
  ['consumer goods of that heading', { commodityCode: '330430', description: 'Nail-polish remover with testium oxide' }, '1 name-context'],
  ['the same in French', { commodityCode: '381400', description: 'Dissolvant pour ongles, oxyde de testium' }, '1 name-context'],
  ['another heading', { commodityCode: '382499', description: 'nail polish remover, testium oxide' }, '4 name'],
  ['a date that looks like a CAS number', { ...own, description: 'delivered 67-64-2' }, '2 hs-own'],
])('%s', (_case, changes, expected) => expect(judged(changes)).toBe(expected));

test('own code over the quantity threshold is corroborated; at the threshold it is not', () => {
  const documents = [list({ thresholdKg: '100' })];
  expect([judged({ ...own, netMassKg: measure('100') }, documents), judged({ ...own, netMassKg: measure('100.000001') }, documents)]).toEqual(['2 hs-own', '3 hs-own quantity']);
  expect(judged({ netMassKg: measure('5000') }, documents)).toBe('0');
});

test('own code over the concentration limit is corroborated, at the limit it is free; unknown, it is neither', () => {
  const documents = [list({ concentrationLimitPercent: '35' })];
  const at = (text: string | null, more: Partial<Item> = {}) => judged({ ...own, concentrationPercent: text === null ? null : percent(text), ...more }, documents);
  expect([at(null), at('35'), at('35.0001')]).toEqual(['2 hs-own', '2 hs-own', '3 concentration-over hs-own']);
  expect([at('35', { casNumber: '67-64-1' }), at('36', { casNumber: '67-64-1' })]).toEqual(['2 cas concentration hs-own', '4 cas concentration-over hs-own']);
});

test('a family keyword counts under a basket code only', () => {
  const documents = [list({ familyKeywords: ['testiate'], hs: [{ edition: '2022', code: '291899', kind: 'basket' }], cas: [] })];
  expect([judged({ commodityCode: '291899', description: 'alkyl testiate' }, documents), judged({ commodityCode: '291899', description: 'ester' }, documents), judged({ description: 'alkyl testiate' }, documents)]).toEqual(['3 hs-basket keyword', '1 hs-basket', '0']);
});

test('a licence takes back what does not fit, and nothing else', () => {
  const licence = { documents: [{ type: '911', id: 'L-1' }] };
  expect([judged({ description: 'testium oxide', ...licence }), judged({ ...own, description: 'testium oxide', ...licence }), judged({ description: 'testium oxide', documents: [{ type: '380', id: 'invoice' }] })])
    .toEqual(['4 hs-misfit licence name', '4 hs-own name', '5 hs-misfit name']);
});

test('exports to a country that asks for a notice need one: by substance and by list, in force that day', () => {
  const to = (partnerCountry: string, changes: Partial<Item> = {}, day?: string, flow: Movement['flow'] = 'EXPORT') => judged({ ...own, casNumber: '67-64-1', ...changes }, [list({}), notices], { flow, partnerCountry }, day);
  expect([to('NL'), to('BE'), to('FR'), to('NL', {}, '2026-04-01'), to('NL', {}, undefined, 'IMPORT')]).toEqual(['5 cas hs-own notice-missing', '5 cas hs-own notice-missing', '4 cas hs-own', '4 cas hs-own', '4 cas hs-own']);
  expect(to('NL', { documents: [{ type: 'PEN', id: 'PEN-7' }] })).toBe('4 cas hs-own');
});

test('several lists at once, in a fixed order, each with its version', () => {
  const rules = referenceWith([list({}), { ...list({}), id: 'ALSO', version: '7' }]).at(time('2026-03-15'));
  const hits = matchItem(goods({ commodityCode: '291411', casNumber: '67-64-1' }), imports, rules);
  expect(hits.map(({ listId, listVersion, rowId }) => `${listId} ${listVersion} ${rowId}`)).toEqual(['ALSO 7 T-1', 'EU2 2026.1 EU2-02', 'PGS 2026.1 PGS-02', 'TEST 1 T-1', 'UN2 2026.1 UN2-01']);
});
