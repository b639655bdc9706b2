/** Figures as people read them: a table with totals, or comma-separated values. */
import type { QueryAnswer } from '../query/answer-query';
import type { MeasureValue } from '../query/rows';
import { age, csv, print, say, table, type Cell } from './output';
import type { Language } from '../domain/language';
import { word } from './words';

const shownValue = (value: MeasureValue | undefined): Cell => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? Object.entries(value).map(([unit, amount]) => `${amount} ${unit}`).join('; ') : value;
};

/** In a table: of shares by field the lowest, times as people say them. */
function shownBriefly(measure: string, value: MeasureValue | undefined): Cell {
  if (measure.startsWith('delay') && typeof value === 'number') return age(value * 1_000);
  if (measure !== 'completenessPercent' || typeof value !== 'object' || value === null) return shownValue(value);
  const [lowest] = Object.entries(value).sort(([, left], [, right]) => Number(left) - Number(right));
  return lowest === undefined ? '' : `${lowest[1]} ${lowest[0]}`;
}

export function showFigures(answer: QueryAnswer, lang: Language, asCsv = false): void {
  const { view, period, status, currency, by, absent = [] } = answer;
  const measures = Object.keys(answer.totals);
  if (asCsv) print(csv([...by, ...measures], answer.rows.map((row) => [...by, ...measures].map((column) => shownValue(row[column])))));
  else {
    print(`${view}  ${word('from', lang)} ${period.from} ${word('to', lang)} ${period.to}  ${currency}  ${word(status, lang)}`);
    if (answer.rows.length === 0) print(word('no figures', lang));
    else print(view === 'quality' && by.length === 0 ? listOfTotals(answer, lang) : tableOf(answer, measures, lang));
  }
  for (const { period: month, closedBy, closedAt, digest } of answer.closed ?? []) say(`${month}  ${word('closed', lang)}  ${closedBy}, ${closedAt}  ${digest}`);
  if (answer.onlyAdjustments) say(word('only adjustments', lang));
  else if (answer.adjusted && answer.status === 'closed') say(word('adjusted', lang));
  for (const { family, reason } of absent) say(`${word(family, lang)}: ${reason}`);
}

function tableOf({ by, rows, totals }: QueryAnswer, measures: readonly string[], lang: Language): string {
  const last = by.length === 0 ? [] : [[word('total', lang), ...by.slice(1).map(() => ''), ...measures.map((measure) => shownBriefly(measure, totals[measure]))]];
  const head = [...by, ...measures].map((column) => word(column, lang));
  const shown = rows.map((row) => [...by.map((dimension) => shownValue(row[dimension])), ...measures.map((measure) => shownBriefly(measure, row[measure]))]);
  return table(head, [...shown, ...last], measures.map((_, index) => index + by.length));
}

/** Many indicators of one whole read better below each other. */
function listOfTotals({ totals }: QueryAnswer, lang: Language): string {
  const lines = Object.entries(totals).flatMap(([measure, value]): Cell[][] =>
    (typeof value === 'object' && value !== null ? Object.entries(value).map(([field, share]) => [`${word('complete', lang)}: ${field}`, share]) : [[word(measure, lang), shownBriefly(measure, value)]]));
  return table([word('indicator', lang), word('value', lang)], lines, [1]);
}
