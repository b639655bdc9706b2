import { currentValues, PublishedFold, type PublishedCell } from './published-fold';

const key = 'statistics/flow-chapter-partner/month/2026-03|IMPORT|87|JP';
const cell = (revision: number, values: Readonly<Record<string, bigint>>, adjustments: readonly bigint[] = []): PublishedCell =>
  ({ revision, generation: 0, status: 'PROVISIONAL', definitions: '', measures: Object.keys(values), values: Object.values(values), adjustments });
const changes = (fold: PublishedFold): unknown => Object.fromEntries([...fold.takeChanged()].map(([name, changed]) => [name, Object.fromEntries(currentValues(changed))]));

test('what has changed is told once, a quantity that has gone and a cell that was withdrawn as zeros: the store has to lose them', () => {
  const fold = new PublishedFold(1);
  fold.take(0, key, cell(1, { 'items': 3n, 'quantity.NMB': 12_500n }, [1n, 0n]));
  expect(changes(fold)).toEqual({ [key]: { 'items': 4n, 'quantity.NMB': 12_500n } });
  expect(changes(fold)).toEqual({});
  fold.take(0, key, cell(2, { 'items': 3n, 'quantity.KGM': 7n }));
  expect(changes(fold)).toEqual({ [key]: { 'items': 3n, 'quantity.NMB': 0n, 'quantity.KGM': 7n } });
  fold.withdraw(key);
  expect(changes(fold)).toEqual({ [key]: { 'items': 0n, 'quantity.NMB': 0n, 'quantity.KGM': 0n } });
});

test('reserved keys are no cells, and a tombstone of what is not known withdraws nothing', () => {
  const fold = new PublishedFold(1);
  fold.take(0, '@positions', cell(1, { items: 1n }));
  fold.withdraw(key);
  expect(fold.cells.size).toBe(0);
});
