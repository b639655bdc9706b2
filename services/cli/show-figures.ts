/** Figures as people read them: a table with totals, or comma-separated values. */
import type { QueryAnswer } from '../query/answer-query';
import { shownMeasures, type MeasureValue } from '../query/rows';
import { csv, print, table } from './output';
import type { Language } from '../domain/language';
import { word } from './words';

const shownValue = (value: MeasureValue | undefined): string | number =>
  typeof value === 'object' ? Object.entries(value).map(([unit, amount]) => `${amount} ${unit}`).join('; ') : (value ?? '');

export function showFigures(answer: QueryAnswer, lang: Language, asCsv = false): void {
  const { view, period, status, currency } = answer;
  const measures = shownMeasures({ view, by: answer.by, where: answer.where });
  const rows = answer.rows.map((row) => [...answer.by, ...measures].map((column) => shownValue(row[column])));
  if (asCsv) { print(csv([...answer.by, ...measures], rows)); return; }
  print(`${view}  ${word('from', lang)} ${period.from} ${word('to', lang)} ${period.to}  ${currency}  ${word(status, lang)}`);
  if (rows.length === 0) { print(word('no figures', lang)); return; }
  const totals = measures.map((measure) => shownValue(answer.totals[measure]));
  const last = answer.by.length === 0 ? [] : [[word('total', lang), ...answer.by.slice(1).map(() => ''), ...totals]];
  const head = [...answer.by, ...measures].map((column) => word(column, lang));
  print(table(head, [...rows, ...last], measures.map((_, index) => index + answer.by.length)));
}
