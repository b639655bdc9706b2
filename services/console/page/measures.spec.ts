import { decimalOf, sortedRows, unitOf } from './measures';

const rows = [{ office: 'B', assessed: '9.00' }, { office: 'A', assessed: '10.00' }, { office: 'C', assessed: '9007199254740993.00' }];

describe('measures', () => {
  it('sorts amounts as decimals and dimensions as text', () => {
    expect(sortedRows(rows, ['office'], 'assessed', true).map(({ office }) => office)).toEqual(['C', 'A', 'B']);
    expect(sortedRows(rows, ['office'], 'office', false).map(({ office }) => office)).toEqual(['A', 'B', 'C']);
    expect(sortedRows(rows, ['office'], '', true)).toEqual(rows);
  });

  it('knows units and takes what is no decimal for zero', () => {
    expect(unitOf('netMassKg')).toBe('mass');
    expect(unitOf('somethingNew')).toBe('count');
    expect(decimalOf({ KGM: '1.000' })).toBe('0');
  });
});
