import { congo, referenceWith, time } from '../../test/support/declarations';
import { readCatalogue } from '../shell/definition-files';
import { digestedText, parseDocument } from './documents';
import { compareVersions } from './versions';

const head = { validFrom: null, validTo: null, source: 'a test' };
const pack = readCatalogue(congo).documents().find(({ document }) => document.kind === 'pack')?.document as { kind: 'pack' };
const rates = (version: string, rows: readonly { currency: string; validFrom: string; validTo: string; homePerUnit: string }[]) => ({ kind: 'rates', id: 'official-rates', version, ...head, rows });
const watchlist = (version: string, changes: Record<string, unknown>, row: Record<string, unknown> = {}) => ({
  kind: 'watchlist', id: 'TEST', version, ...head, ...changes,
  rows: [{ rowId: 'T-1', substance: 'testium', synonyms: [], cas: ['67-64-1'], hs: [{ edition: '2022', code: '291411', kind: 'own' }], mixtureHs: [], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'confirmed', ...row }],
});

test('versions compare by their numbers: 2026.9 before 2026.10, 1.0 before 1.0.1, numbers before words', () => {
  expect(['2026.10', '2026.9', '1.0.1', '1.0', 'draft', '2026.9.rc'].sort(compareVersions)).toEqual(['1.0', '1.0.1', '2026.9', '2026.9.rc', '2026.10', 'draft']);
});

test('two versions of a pack live side by side, each for its days in the profile’s zone', () => {
  const set = referenceWith([{ ...pack, version: '2.0.0', validFrom: '2026-07-01' }]);
  expect(set.at(time('2026-06-30T22:59:59.999Z')).definitions).toBe('imts2010@1.0.0');
  expect(set.at(time('2026-06-30T23:00:00.000Z')).definitions).toBe('imts2010@2.0.0');
  expect(set.at(time('2026-06-30T12:00:00Z')).definitions).toBe('imts2010@1.0.0');
});

test('the order of loading does not matter, and the name of the set is that of its content', () => {
  const documents = [{ ...pack, version: '2.0.0', validFrom: '2026-07-01' }, { ...pack, version: '10.0.0', validFrom: '2026-07-01' }, rates('1', [{ currency: 'USD', validFrom: '2026-01-01', validTo: '2026-12-31', homePerUnit: '2800' }])];
  const [forwards, backwards] = [referenceWith(documents), referenceWith([...documents].reverse())];
  expect(forwards.digest).toBe(backwards.digest);
  for (const set of [forwards, backwards]) expect(set.at(time('2026-08-01T00:00:00Z')).definitions).toBe('imts2010@10.0.0');
  expect(referenceWith(documents.slice(1)).digest).not.toBe(forwards.digest);
});

test('rates by day and currency: a higher version stands where it has the currency, the others go on answering', () => {
  const set = referenceWith([
    rates('2026.1', [{ currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '2800' }, { currency: 'EUR', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '3000.5' }]),
    rates('2026.2', [{ currency: 'USD', validFrom: '2026-01-16', validTo: '2026-02-28', homePerUnit: '2900.0000000001' }]),
  ]);
  const on = (day: string) => { const inForce = set.at(time(`${day}T12:00:00Z`)); return [inForce.exchangeRate('USD')?.homePerUnit, inForce.exchangeRate('EUR')?.homePerUnit]; };
  expect(on('2026-01-10')).toEqual([28_000_000_000_000n, 30_005_000_000_000n]);
  expect(on('2026-01-20')).toEqual([29_000_000_000_001n, 30_005_000_000_000n]);
  expect(on('2026-02-10')).toEqual([29_000_000_000_001n, undefined]);
});

const listedCodes = readCatalogue(congo).documents().flatMap(({ document }) => (document.kind === 'watchlist' ? document.rows.flatMap(({ hs }) => hs.filter(({ edition }) => edition === '2022').map(({ code }) => code)) : []));
const tariff = (codes: readonly string[]) => ({ kind: 'tariff', id: 'tariff-2022', version: '1', ...head, edition: '2022', codes });

test('six digits where a tariff table of the edition in force is loaded, else the heading', () => {
  const at = (documents: readonly unknown[], day: string) => ['870323', '870399'].map((code) => referenceWith(documents).at(time(day)).commodity(code));
  expect(at([], '2026-03-15')).toEqual(['listed', 'listed']);
  expect(at([tariff(['870323', ...listedCodes])], '2026-03-15')).toEqual(['listed', 'unknown']);
  expect(at([tariff(['870323', ...listedCodes])], '2021-03-15')).toEqual(['listed', 'listed']);
});

test('a tariff table without a code that a list names is cut short, and refused', () => {
  const refused = { outcome: 'refused', reason: expect.stringMatching(/^watchlist .* is not in HS 2022$/) as string };
  const catalogue = readCatalogue(congo);
  expect(catalogue.add(tariff(['870323']))).toMatchObject(refused);
  expect(catalogue.add(tariff(['870323', ...listedCodes])).outcome).toBe('added');
  expect(catalogue.add({ ...tariff(['870323']), version: '2' })).toMatchObject(refused);
});

test('a code of another edition is kept with its successors where a conversion table is loaded', () => {
  const conversion = { kind: 'conversion', id: 'hs2017-to-hs2022', version: '1', ...head, from: '2017', to: '2022', rows: [{ from: '852990', to: '852990', relationship: '1:1' }, { from: '007711', to: '852990', relationship: '1:n' }, { from: '007711', to: '870323', relationship: '1:n' }] };
  const inForce = referenceWith([conversion]).at(time('2026-03-15'));
  expect([inForce.commodity('007711'), inForce.commodity('007712'), inForce.commodity('852990')]).toEqual([{ successors: ['852990', '870323'] }, 'unknown', 'listed']);
});

describe('refused with document, row and reason; what is in force stays', () => {
  test.each<[string, unknown, RegExp]>([
    ['no document at all', 'text', /document of unknown kind/],
    ['an unknown kind', { kind: 'recipe', id: 'x', version: '1' }, /recipe x@1/],
    ['a field too many', { ...rates('1', [{ currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '2' }]), extra: 1 }, /rates official-rates@1: .*extra/],
    ['a currency in small letters', rates('1', [{ currency: 'usd', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '2' }]), /rows\.0\.currency: must be three capital letters/],
    ['a rate of zero', rates('1', [{ currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '0.0' }]), /USD: a rate of zero/],
    ['a rate of eleven decimals', rates('1', [{ currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-31', homePerUnit: '0.12345678901' }]), /rows\.0\.homePerUnit/],
    ['days in the wrong order', rates('1', [{ currency: 'USD', validFrom: '2026-02-01', validTo: '2026-01-31', homePerUnit: '2' }]), /official-rates@1, USD: it would end before it begins/],
    ['a day that does not exist', rates('1', [{ currency: 'USD', validFrom: '2026-02-30', validTo: '2026-03-31', homePerUnit: '2' }]), /2026-02-30 is no date/],
    ['a wrong check digit', watchlist('1', {}, { cas: ['67-64-2'] }), /watchlist TEST@1, row T-1: 67-64-2 is no CAS number.*E-WL-CAS/],
    ['a code that its edition lacks', watchlist('1', {}, { hs: [{ edition: '2022', code: '007711', kind: 'own' }] }), /row T-1: 007711 is not in HS 2022/],
    ['nothing to match by', watchlist('1', {}, { substance: '', cas: [], hs: [] }), /row T-1: needs a CAS number, an HS code or a name/],
    ['the id of another kind', { ...watchlist('9', {}), id: 'imts2010' }, /imts2010 is the id of a pack/],
  ])('%s', (_case, document, reason) => {
    const catalogue = readCatalogue(congo);
    const before = catalogue.latest;
    expect(catalogue.add(document)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) as string });
    expect(catalogue.latest).toBe(before);
  });

  test('rows with one id whose days overlap', () => {
    const list = watchlist('1', {});
    const twice = { ...list, rows: [{ ...list.rows[0], validTo: '2026-03-01' }, { ...list.rows[0], validFrom: '2026-03-01' }] };
    expect(readCatalogue(congo).add(twice)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('overlaps') as string });
  });
});

test('the order of fields is no content: what was read from a topic has the name of what was read from a file', () => {
  const reordered = (value: unknown): unknown => (Array.isArray(value) ? value.map(reordered) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reordered(inner)])) : value);
  const catalogue = readCatalogue(congo);
  expect(catalogue.add(watchlist('1', {})).outcome).toBe('added');
  expect(catalogue.add(reordered(watchlist('1', {}))).outcome).toBe('known');
  expect(referenceWith([reordered(watchlist('1', {}))]).digest).toBe(catalogue.latest.digest);
});

test('a version never changes: the same content is known, other content is refused; older sets stay at hand', () => {
  const catalogue = readCatalogue(congo);
  const first = catalogue.latest;
  expect(catalogue.add(watchlist('1', {})).outcome).toBe('added');
  expect(catalogue.add(watchlist('1', {})).outcome).toBe('known');
  expect(catalogue.add(watchlist('1', { validFrom: '2026-01-01' }))).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('a version never changes') as string });
  expect(catalogue.byDigest(first.digest)).toBe(first);
  expect(catalogue.latest.digest).not.toBe(first.digest);
});

describe('what a document is known by', () => {
  it('is not changed by fields that are not given, which later releases may add', () => {
    const [plain, explicit] = [watchlist('1', {}), watchlist('1', {}, { thresholdKg: null, source: null })].map((document) => digestedText(parseDocument(document)));
    expect(explicit).toBe(plain);
    const older = Object.fromEntries(Object.entries(pack).filter(([name]) => name !== 'expectedFields' && name !== 'imputedCodes'));
    expect(digestedText(parseDocument(older))).toBe(digestedText(parseDocument({ ...older, expectedFields: [], imputedCodes: [] })));
    expect(digestedText(parseDocument(pack))).not.toBe(digestedText(parseDocument(older)));
  });

  /** Written down once: another text here means that every namespace of every earlier release is made of something unknown. */
  it('stands as it did', () => {
    const document = parseDocument(watchlist('1', { validFrom: '2026-01-01' }, { thresholdKg: '0.5' }));
    expect(digestedText(document)).toBe('{"id":"TEST","kind":"watchlist","rows":[{"cas":["67-64-1"],"hs":[{"code":"291411","edition":"2022","kind":"own"}],"rowId":"T-1","status":"confirmed","substance":"testium","thresholdKg":"0.5"}],"source":"a test","validFrom":"2026-01-01","version":"1"}');
  });
});
