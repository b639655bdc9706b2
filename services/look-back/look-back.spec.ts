import { accepted, item, raw, referenceWith, sha256, standard, time } from '../../test/support/declarations';
import type { RawDeclaration } from '../domain/declaration';
import { LookBack, type PastDeclaration } from './look-back';

const list = {
  kind: 'watchlist', id: 'TEST', version: '1', validFrom: '2026-10-01', validTo: null, source: 'a test',
  rows: [{ rowId: 'T-1', substance: 'testium oxide', synonyms: [], cas: [], hs: [], mixtureHs: ['870323'], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'confirmed' }],
};
const reference = referenceWith([list]);
const goods = (changes: Partial<RawDeclaration> = {}, description = 'testium oxide'): RawDeclaration => raw({ items: [item({ taxes: [], description })], ...changes });
const past = (declaration: RawDeclaration, hits: PastDeclaration['hits'] = []): PastDeclaration => ({ standardized: { accepted: accepted(declaration), items: standard(declaration).items }, hits });
const lookBack = (changes: { sinceMs?: number; listsAtMs?: number; lists?: ReadonlySet<string> } = {}): LookBack => new LookBack({ reference, listsAtMs: time('2026-11-01'), sinceMs: time('2026-01-01'), digest: sha256, ...changes });
const found = (job: LookBack): string[] => job.news().map(({ declarationId, version, listId, rowId, level }) => `${declarationId}/${version} ${listId} ${rowId} ${level}`);

test('what was not listed in March is found by the list of October, marked so', () => {
  const job = lookBack();
  job.add(past(goods()), 0);
  expect(found(job)).toEqual(['D1/1 TEST T-1 4']);
  expect(job.news()[0]).toMatchObject({ lookBack: true, listVersion: '1', referenceSet: reference.digest, explanation: expect.stringContaining('look-back') as string, alertId: sha256(['D1', 1, 1, 'TEST', 'T-1', 'look-back', 4].join('\0')).slice(0, 32) });
});

test('nothing by a list that is not in force yet, before the day asked for, or of a list not asked for', () => {
  for (const settings of [{ listsAtMs: time('2026-09-30') }, { sinceMs: time('2026-03-16') }, { lists: new Set(['UN1']) }]) {
    const job = lookBack(settings);
    job.add(past(goods()), 0);
    expect(found(job)).toEqual([]);
  }
});

test('of a declaration the highest version counts, in whatever order they come; a cancelled one is not screened', () => {
  const versions = [past(goods()), past(goods({ version: 2, eventId: 'D1/2' }, 'toys')), past(goods({ declarationId: 'D2', eventId: 'D2/1' }, 'toys')), past(goods({ declarationId: 'D2', eventId: 'D2/2', version: 2 })),
    past(goods({ declarationId: 'D3', eventId: 'D3/1' })), past(goods({ declarationId: 'D3', eventId: 'D3/2', version: 2, status: 'CANCELLED' }))];
  for (const order of [versions, [...versions].reverse()]) {
    const job = lookBack();
    order.forEach((record) => job.add(record, 0));
    expect(found(job)).toEqual(['D2/2 TEST T-1 4']);
  }
});

test('two events with one version: the one that counts in figures, by time and event id', () => {
  const [first, second] = [past(goods({ eventId: 'D1/a' }, 'toys')), past(goods({ eventId: 'D1/b' }))];
  const later = past(goods({ eventId: 'D1/0', occurredAt: time('2026-03-16T00:00:00Z') }, 'toys'));
  for (const order of [[first, second], [second, first]]) {
    const job = lookBack();
    for (const record of order) job.add(record, 0);
    expect(found(job)).toEqual(['D1/1 TEST T-1 4']);
  }
  for (const order of [[first, second, later], [later, second, first]]) {
    const job = lookBack();
    for (const record of order) job.add(record, 0);
    expect(found(job)).toEqual([]);
  }
});

test('a version that was amended away is not screened, though its day is asked for and the amended one’s is not', () => {
  const job = lookBack({ sinceMs: time('2026-03-01') });
  job.add(past(goods()), 0);
  job.add(past(goods({ version: 2, eventId: 'D1/2', acceptedAt: time('2026-02-01') })), 0);
  expect(found(job)).toEqual([]);
});

test('once: not what the record has as a hit, nor what an alert of any version has told; again where it is stronger', () => {
  const hit = { itemNumber: 1, listId: 'TEST', rowId: 'T-1' };
  const screened = lookBack();
  screened.add(past(goods(), [{ ...hit, level: 4 }]), 0);
  const told = lookBack();
  told.add(past(goods()), 0);
  told.told({ ...hit, declarationId: 'D1', level: 4 });
  const weaker = lookBack();
  weaker.add(past(goods(), [{ ...hit, level: 2 }]), 0);
  weaker.told({ ...hit, declarationId: 'D1', level: 3 });
  expect([found(screened), found(told), found(weaker)]).toEqual([[], [], ['D1/1 TEST T-1 4']]);
});
