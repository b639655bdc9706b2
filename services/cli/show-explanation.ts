/** Explained figures and declarations as people read them: tables, or comma-separated values. */
import type { ExplainedDeclaration } from '../explain/explain-declaration';
import type { Explanation } from '../explain/explanation';
import type { ShownContribution } from '../explain/shown-contribution';
import type { Language } from '../domain/language';
import type { MeasureValue } from '../query/rows';
import { csv, print, say, table, type Cell } from './output';
import { word } from './words';

const shownValue = (value: MeasureValue | undefined): Cell => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? Object.entries(value).map(([unit, amount]) => `${amount} ${unit}`).join('; ') : value;
};
const isZero = (value: MeasureValue | undefined): boolean => (typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : Number(value ?? 0) === 0);

export function showExplanation(explanation: Explanation, lang: Language, asCsv: boolean): void {
  const { contributions, declarations } = explanation;
  if (asCsv) {
    const measures = Object.keys(explanation.figure);
    print(csv(['declarationId', 'version', 'status', ...measures, 'countsAt', 'rawPartition', 'rawOffset', 'definitions', 'codes', 'lists', 'payments'], contributions.map((one) => [
      one.declarationId, one.version, one.status, ...measures.map((measure) => shownValue(one.amounts[measure])), one.countsAt.join(' '), one.raw.partition, one.raw.offset,
      one.details?.definitions ?? '', codesOf(one), listsOf(one), one.payments.map(({ taxType, measure, amount, paidAt }) => `${taxType} ${measure} ${amount} ${paidAt}`).join('; '),
    ])));
  } else showTables(explanation, lang);
  if (contributions.length < declarations) say(`${contributions.length} / ${declarations} ${word('declarations', lang)}: --all`);
  if (explanation.refused) say(`${word('refused', lang)}: ${explanation.refused}; tidewaiter rejects list`);
  say(word(explanation.addsUp ? 'adds up' : 'does not add up', lang));
}

function showTables(explanation: Explanation, lang: Language): void {
  const { view, period, where, currency, status, contributions } = explanation;
  const measures = Object.keys(explanation.figure).filter((measure) => [explanation.figure, explanation.current, explanation.explained].some((sums) => !isZero(sums[measure])));
  print(`${view}  ${word('from', lang)} ${period.from} ${word('to', lang)} ${period.to}  ${Object.entries(where).map(([dimension, value]) => `${dimension}=${value}`).join(' ')}  ${currency}  ${word(status, lang)}`);
  const sums = ([['figure', explanation.figure], ['adjustment', explanation.adjustment], ['explained', explanation.explained]] as const)
    .flatMap(([name, row]): Cell[][] => (row ? [[word(name, lang), ...measures.map((measure) => shownValue(row[measure]))]] : []));
  print(table(['', ...measures.map((measure) => word(measure, lang))], sums, measures.map((_, index) => index + 1)));
  if (contributions.length > 0) {
    print('');
    print(table([word('declaration', lang), word('version', lang), word('status', lang), ...measures.map((measure) => word(measure, lang)), word('counts at', lang), word('source', lang), word('codes', lang), word('lists', lang)], contributions.map((one) => [
      one.declarationId, one.version, one.status, ...measures.map((measure) => (isZero(one.amounts[measure]) ? '' : shownValue(one.amounts[measure]))),
      one.countsAt.join(' '), `${one.raw.partition}/${one.raw.offset}`, codesOf(one), listsOf(one),
    ]), measures.map((_, index) => index + 3)));
  }
  if (explanation.revisions === null || explanation.revisions.length === 0) return;
  print('');
  print(table([word('revision', lang), word('told at', lang), word('status', lang), ...measures.map((measure) => word(measure, lang))],
    explanation.revisions.map(({ revision, at, status: told, amounts }) => [revision, at, word(told, lang), ...measures.map((measure) => amounts[measure] ?? '')]), measures.map((_, index) => index + 3)));
}

const codesOf = ({ details }: ShownContribution): string => (details ? [...new Set([...details.codes, ...details.items.flatMap(({ codes }) => codes)])].join(' ') : '');
const listsOf = ({ details }: ShownContribution): string => (details ? [...new Set(details.hits.map(({ listId, listVersion, rowId, level }) => `${listId}@${listVersion} ${rowId} (${level})`))].join('; ') : '');

export function showDeclaration({ declarationId, version, status, cells, history }: ExplainedDeclaration, lang: Language, asCsv: boolean): void {
  const rows = cells.map(({ hash, field, amount }): Cell[] => [hash, field, amount]);
  if (asCsv) { print(csv(['hash', 'field', 'amount'], rows)); return; }
  print(`${declarationId}  ${version === null ? word('not counted', lang) : `${word('version', lang)} ${version}  ${status}`}`);
  if (history) print(table([word('told at', lang), word('source', lang), word('version', lang), word('status', lang), word('outcome', lang), word('cells changed', lang), word('codes', lang)],
    history.map((entry) => [entry.at, `${entry.raw.partition}/${entry.raw.offset}`, entry.version ?? '', entry.status ?? '', word(entry.outcome === 'leftOut' ? 'left out' : entry.outcome, lang), entry.changed.length, entry.codes.join(' ')]), [2, 5]));
  print('');
  print(table([word('figures', lang), word('cell', lang), word('amount', lang)], rows, [2]));
}
