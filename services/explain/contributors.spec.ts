import { bySize, isOfMeasure, LargestContributors, type Contributor } from './contributors';

const one = (declarationId: string, amounts: Readonly<Record<string, bigint>>): Contributor =>
  ({ partition: 0, declarationId, amounts: new Map(Object.entries(amounts)), countsAtMs: [] }) as unknown as Contributor;
const ids = (contributors: readonly Contributor[]): string[] => contributors.map(({ declarationId }) => declarationId);

it('puts the largest first, whatever its sign; of equals by the next measure, then by id', () => {
  const all = [one('b', { assessed: 5n }), one('a', { assessed: 5n }), one('c', { assessed: -9n }), one('d', { assessed: 5n, relief: 1n }), one('e', { relief: 7n })];
  expect(ids(bySize(['assessed', 'relief'], all))).toEqual(['c', 'd', 'a', 'b', 'e']);
  expect(ids(bySize(['relief'], all))).toEqual(['e', 'd', 'a', 'b', 'c']);
});

it('puts quantities by their largest number', () => {
  const all = [one('a', { 'quantity.KGM': 3n }), one('b', { 'quantity.LTR': 4n, 'quantity.KGM': 1n }), one('c', { items: 9n })];
  expect(ids(bySize(['quantity'], all))).toEqual(['b', 'a', 'c']);
});

it('knows what is of a measure', () => {
  expect([isOfMeasure('items', 'items'), isOfMeasure('quantity', 'quantity.KGM'), isOfMeasure('items', 'quantity.KGM'), isOfMeasure('value', 'values')]).toEqual([true, true, false, false]);
});

it('holds the largest of many, in whatever order they come', () => {
  const all = Array.from({ length: 200 }, (_, place) => one(`id ${place}`, { assessed: BigInt((place * 7919) % 101) - 50n }));
  const largest = new LargestContributors(['assessed'], 7, 3);
  for (const contributor of all) largest.add(contributor);
  expect(ids(largest.inOrder())).toEqual(ids(bySize(['assessed'], all)).slice(0, 7));
});
