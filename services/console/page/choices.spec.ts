import revenueCube from '../../../schemas/cubes/revenue.json';
import statisticsCube from '../../../schemas/cubes/statistics.json';
import { answers, choicesOf, dimensionsOf, stillAnswered } from './choices';

const revenue = { measures: [], combinations: revenueCube.combinations };
const statistics = { measures: [], combinations: statisticsCube.combinations };

describe('choices', () => {
  it('offers what the shipped cubes keep', () => {
    expect(answers(revenue, ['office', 'taxType', 'chapter'], 'month')).toBe(true);
    expect(answers(revenue, ['office', 'taxType', 'chapter'], 'rolling')).toBe(false);
    expect(answers(revenue, ['office', 'taxGroup'], 'rolling')).toBe(true);
    expect(answers(revenue, ['office', 'origin'], 'month')).toBe(false);
    expect(answers(statistics, ['chapter', 'office'], 'day')).toBe(true);
    expect(answers(statistics, ['hs6'], 'hour')).toBe(false);
    expect(answers(revenue, [], 'century')).toBe(false);
  });

  it('knows what follows from what', () => {
    expect(dimensionsOf(revenue)).toEqual(['office', 'taxType', 'chapter', 'origin', 'procedure', 'taxGroup']);
  });

  it('marks what can still be added', () => {
    const possible = choicesOf(revenue, ['origin'], [], 'month').filter((choice) => choice.possible).map(({ dimension }) => dimension);
    expect(possible).toEqual(['taxType', 'origin', 'taxGroup']);
  });

  it('lets go of what a shorter period does not keep', () => {
    expect(stillAnswered(revenue, ['office', 'taxType', 'chapter'], [], 'rolling')).toEqual(['office', 'taxType']);
    expect(stillAnswered(revenue, ['origin'], [], 'day')).toEqual([]);
  });
});
