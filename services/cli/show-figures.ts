/** Figures as people read them: a table with totals, or comma-separated values. */
import type { QueryAnswer } from '../query/answer-query';
import type { MeasureValue } from '../query/rows';
import { csv, print, say, table, type Cell } from './output';
import type { Language } from '../domain/language';
import { word } from './words';

const shownValue = (value: MeasureValue | undefined): Cell => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? Object.entries(value).map(([unit, amount]) => `${amount} ${unit}`).join('; ') : value;
};

/** Of shares by field, those that are worth a look: all others are 100 %. */
const shownBriefly = (measure: string, value: MeasureValue | undefined): Cell =>
  (measure === 'completenessPercent' && typeof value === 'object' && value !== null ? shownValue(Object.fromEntries(Object.entries(value).filter(([, share]) => share !== '100.00'))) || '100' : shownValue(value));

export function showFigures(answer: QueryAnswer, lang: Language, asCsv = false): void {
  const { view, period, status, currency, by, absent = [] } = answer;
  const measures = Object.keys(answer.totals);
  if (asCsv) print(csv([...by, ...measures], answer.rows.map((row) => [...by, ...measures].map((column) => shownValue(row[column])))));
  else {
    print(`${view}  ${word('from', lang)} ${period.from} ${word('to', lang)} ${period.to}  ${currency}  ${word(status, lang)}`);
    if (answer.rows.length === 0) print(word('no figures', lang));
    else print(view === 'quality' && by.length === 0 ? listOfTotals(answer, lang) : tableOf(answer, measures, lang));
  }
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
    (typeof value === 'object' && value !== null ? Object.entries(value).map(([field, share]) => [`${word(measure, lang)}: ${field}`, share]) : [[word(measure, lang), shownValue(value)]]));
  return table([word('indicator', lang), word('value', lang)], lines, [1]);
}
