import { changePercent, compareDecimals, formatDecimalText, separatorsOf, sharePercent, sumDecimals } from './amount';

const english = separatorsOf('en-GB');
const french = separatorsOf('fr-FR');

describe('decimal texts', () => {
  it.each([
    ['0', '0', '0'],
    ['999.00', '999.00', '999,00'],
    ['1234567.50', '1,234,567.50', '1\u202f234\u202f567,50'],
    ['-1234.5', '−1,234.5', '−1\u202f234,5'],
    // Beyond what a float can hold.
    ['90071992547409931234.01', '90,071,992,547,409,931,234.01', '90\u202f071\u202f992\u202f547\u202f409\u202f931\u202f234,01'],
  ])('groups %s', (text, en, fr) => {
    expect(formatDecimalText(text, english)).toBe(en);
    expect(formatDecimalText(text, french)).toBe(fr);
  });

  it('leaves alone what is no decimal', () => {
    expect(formatDecimalText('KIN01', english)).toBe('KIN01');
    expect(formatDecimalText('', english)).toBe('');
  });

  it('compares beyond floats and across scales', () => {
    expect(compareDecimals('9007199254740993.01', '9007199254740993.02')).toBe(-1);
    expect(compareDecimals('1.50', '1.5')).toBe(0);
    expect(compareDecimals('-2', '1')).toBe(-1);
    expect(compareDecimals('10', '9.99')).toBe(1);
  });

  it('gives changes and shares, half up', () => {
    expect(changePercent('110.00', '100.00')).toBe('10.0');
    expect(changePercent('0.00', '100.00')).toBe('-100.0');
    expect(changePercent('1000.50', '1000.00')).toBe('0.1');
    expect(changePercent('999.99', '1000.00')).toBe('0.0');
    expect(changePercent('5.00', '0.00')).toBeNull();
    expect(sharePercent('1.00', '3.00')).toBe('33.3');
    expect(sharePercent('1.00', '0.00')).toBeNull();
  });

  it('sums exactly', () => {
    expect(sumDecimals(['0.10', '0.20'])).toBe('0.30');
    expect(sumDecimals(['-0.05', '0.01'])).toBe('-0.04');
    expect(sumDecimals([])).toBe('0');
    expect(sumDecimals(['9007199254740993', '1'])).toBe('9007199254740994');
  });
});
