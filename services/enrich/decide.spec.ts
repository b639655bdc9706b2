import { createHash } from 'node:crypto';
import { item, percent, raw, screened, time } from '../../test/support/declarations';
import type { Item } from '../domain/declaration';

const goods = (changes: Partial<Item>) => raw({ items: [item({ taxes: [], ...changes })] });
const found = (changes: Partial<Item>): string[] => screened(goods(changes)).addition.hits.map(({ listId, substance, level, evidence }) => `${listId} ${substance} ${level} ${evidence.join('+')}`);
/** Highest level by which acetone (UN 1988 Table II; CAS 67-64-1; HS 2914.11) is matched; 0: not at all. */
const acetone = (changes: Partial<Item>): number => Math.max(0, ...screened(goods(changes)).addition.hits.filter(({ substance }) => /^acetone$/i.test(substance)).map(({ level }) => level));

test.each([
  ['its own code', { commodityCode: '291411' }, 2], ['CAS in its field, another heading', { casNumber: '67-64-1' }, 5], ['CAS in its field, its own heading', { commodityCode: '291411', casNumber: '67-64-1' }, 4],
  ['CAS in the text', { commodityCode: '291411', description: 'solvent 67-64-1 drums' }, 4], ['CAS with a wrong check digit', { description: 'solvent 67-64-2' }, 0], ['CAS field with a wrong check digit', { casNumber: '67-64-2' }, 0],
  ['a name', { commodityCode: '291411', description: 'Acetone, technical' }, 4], ['a name inside another word', { description: 'acetonexyl' }, 0], ['nothing of it', { description: 'toy cars' }, 0],
  ['acetone-free', { description: 'remover, acetone-free' }, 0], ['free of', { description: 'remover free of acetone' }, 0], ['both members denied', { description: 'thinner not containing acetone or toluene' }, 0],
  ['denied, then affirmed', { commodityCode: '291411', description: 'without toluene but acetone' }, 4], ['a number of drums', { commodityCode: '291411', description: 'drum no 5 acetone' }, 4], ['no acetone', { description: 'no acetone' }, 0],
  ['nail polish remover', { commodityCode: '330430', description: 'nail polish remover with acetone' }, 1],
] as const)('%s', (_, changes, level) => expect(acetone(changes)).toBe(level));

test('all lists at once, in a fixed order', () => {
  const hits = found({ commodityCode: '291411', casNumber: '67-64-1' });
  expect(hits.length).toBeGreaterThan(1);
  expect(hits).toEqual([...hits].sort());
});

test('a concentration below the list’s limit lowers the match', () => {
  const nitromethane = (concentrationPercent: bigint | null) => Math.max(0, ...screened(goods({ commodityCode: '290420', casNumber: '75-52-5', concentrationPercent })).addition.hits.filter(({ listId }) => listId === 'EU1').map(({ level }) => level));
  expect(nitromethane(null)).toBeGreaterThanOrEqual(4);
  expect(nitromethane(percent('10'))).toBe(2);
  expect(nitromethane(percent('17'))).toBeGreaterThanOrEqual(4);
});

test('alerts from level 3 on; the id is a digest of declaration, version, item, list, row, and of nothing else', () => {
  const { alerts } = screened(goods({ commodityCode: '291411', casNumber: '67-64-1' }));
  expect(alerts.length).toBeGreaterThan(0);
  for (const { alertId, listId, rowId, level } of alerts) {
    expect(level).toBeGreaterThanOrEqual(3);
    expect(alertId).toBe(createHash('sha256').update(['D1', 1, 1, listId, rowId].join('\0')).digest('hex').slice(0, 32));
  }
  expect(screened(goods({ commodityCode: '291411' })).alerts).toEqual([]);
});

test('lists go by the date of acceptance: nothing was listed in 1988', () => {
  const early = raw({ occurredAt: time('1988-06-01T00:00:00Z'), acceptedAt: time('1988-06-01T00:00:00Z'), items: [item({ taxes: [], casNumber: '67-64-1' })] });
  expect(screened(early).addition.hits).toEqual([]);
});

test('cancelled versions are not screened, lodged ones are', () => {
  const own = { items: [item({ taxes: [], casNumber: '67-64-1' })] };
  expect(screened(raw({ ...own, status: 'CANCELLED' })).addition.hits).toEqual([]);
  expect(screened(raw({ ...own, status: 'LODGED', acceptedAt: null })).addition.hits.length).toBeGreaterThan(0);
});
