import { stringify } from 'csv-stringify/sync';
import type { QueryAnswer } from './answer-query';
import type { MeasureValue } from './rows';

/** Figures as spreadsheets take them. Values that a spreadsheet would run as a formula are quoted for it. */
export function figuresCsv({ by, rows, totals }: QueryAnswer): string {
  const columns = [...by, ...Object.keys(totals)];
  return stringify(rows.map((row) => columns.map((column) => cell(row[column]))), { header: true, columns, escape_formulas: true });
}

function cell(value: MeasureValue | undefined): string | number {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? Object.entries(value).map(([unit, amount]) => `${amount} ${unit}`).join('; ') : value;
}
