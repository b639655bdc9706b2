/** The figures themselves: exact texts, sorted as wanted, a value is one press away from being a filter. */
import { useState } from 'preact/hooks';
import { sharePercent } from '../amount';
import { usePage, type Page } from '../context';
import type { Cell, FigureRow, Figures } from '../contract';
import { limits } from '../limits';
import { decimalOf, measuresOf, sortedRows, unitOf, valueOf } from '../measures';
import type { FigurePlace } from '../place';

interface TableProps { readonly figures: Figures; readonly place: FigurePlace; readonly onSort: (sort: string) => void; readonly onFilter: (dimension: string, value: string) => void }

export function FigureTable({ figures, place: { sort, descending, measure }, onSort, onFilter }: TableProps) {
  const page = usePage();
  const { t, word, count } = page;
  const [all, setAll] = useState(false);
  const { by, totals, currency } = figures;
  const measures = measuresOf(totals);
  const rows = sortedRows(figures.rows, by, sort, descending);
  const shown = all ? rows : rows.slice(0, limits.rowsShown);
  const heading = (name: string, label: string, numeric: boolean) => (
    <th key={name} scope="col" class={numeric ? 'number' : undefined} aria-sort={sort === name ? (descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => onSort(sort === name ? (descending ? name : `-${name}`) : numeric ? `-${name}` : name)}>{label}{sort === name && <span aria-hidden="true">{descending ? ' ↓' : ' ↑'}</span>}</button>
    </th>
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('figures.table')}>
      <table class="figures">
        <caption class="unseen">{t('figures.table')}</caption>
        <thead><tr>
          {by.map((dimension) => heading(dimension, word('dimension', dimension), false))}
          {measures.map((name) => heading(name, `${word('measure', name)}${unitOf(name) === 'money' ? ` ${currency}` : ''}`, true))}
          {by.length > 0 && <th scope="col" class="number">{t('figures.share', { measure: word('measure', measure) })}</th>}
        </tr></thead>
        <tbody>{shown.map((row) => <Row key={by.map((dimension) => valueOf(row[dimension])).join('|')} row={row} figures={figures} measures={measures} measure={measure} onFilter={onFilter} />)}</tbody>
        <tfoot><tr>
          {by.length > 0 && <th scope="row" colSpan={by.length}>{t('figures.total')}</th>}
          {measures.map((name) => <td key={name} class="number">{shownCell(totals[name], page)}</td>)}
          {by.length > 0 && <td />}
        </tr></tfoot>
      </table>
      {shown.length < rows.length && <p><button type="button" onClick={() => setAll(true)}>{t('figures.showAll', { count: count(rows.length) })}</button></p>}
    </div>
  );
}

interface RowProps { readonly row: FigureRow; readonly figures: Figures; readonly measures: readonly string[]; readonly measure: string; readonly onFilter: (dimension: string, value: string) => void }

function Row({ row, figures: { by, totals }, measures, measure, onFilter }: RowProps) {
  const page = usePage();
  const { t, word, valueName, decimal } = page;
  const share = sharePercent(decimalOf(row[measure]), decimalOf(totals[measure]));
  return (
    <tr>
      {by.map((dimension) => {
        const value = valueOf(row[dimension]);
        const name = valueName(dimension, value);
        return <th key={dimension} scope="row"><button type="button" class="value" title={t('figures.filterBy', { filter: `${word('dimension', dimension)} ${value}` })} onClick={() => onFilter(dimension, value)}>{value}</button>{name !== undefined && <span class="quiet"> {name}</span>}</th>;
      })}
      {measures.map((name) => <td key={name} class="number">{shownCell(row[name], page)}</td>)}
      {by.length > 0 && <td class="number quiet">{share === null ? '–' : `${decimal(share)} %`}</td>}
    </tr>
  );
}

function shownCell(cell: Cell | undefined, { decimal, count }: Page): string {
  if (cell === undefined || cell === null) return '–';
  if (typeof cell === 'number') return count(cell);
  if (typeof cell === 'string') return decimal(cell);
  return Object.entries(cell).map(([unit, value]) => `${decimal(value)} ${unit}`).join(' · ') || '–';
}
