import type { QueryAnswer } from './answer-query';
import { figuresCsv } from './figures-csv';

test('dimensions, then measures; nothing that a spreadsheet would run', () => {
  const answer = { by: ['office'], totals: { assessed: '3.00', quantity: {} }, rows: [{ office: '=1+1', assessed: '1.00', quantity: { LTR: '2.000', NMB: '1.000' } }, { office: 'KIN,01', assessed: '2.00', quantity: null }] } as unknown as QueryAnswer;
  expect(figuresCsv(answer)).toBe('office,assessed,quantity\n\'=1+1,1.00,2.000 LTR; 1.000 NMB\n"KIN,01",2.00,\n');
});
