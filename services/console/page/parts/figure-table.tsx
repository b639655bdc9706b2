/** The figures themselves: exact texts, sorted as wanted, a value is one press away from being a filter. */
import { useState } from 'preact/hooks';
import { sharePercent } from '../amount';
import { usePage, type Page } from '../context';
import type { Cell, FigureRow, Figures } from '../contract';
import { limits } from '../limits';
import { decimalOf, measuresOf, sortedRows, unitOf, valueOf } from '../measures';
import type { FigurePlace } from '../place';

/** Of a row; of all rows without its values. Undefined: figures are not opened here. */
type Explain = ((measure: string, of: readonly (readonly [string, string])[]) => void) | undefined;
interface TableProps { readonly figures: Figures; readonly place: FigurePlace; readonly onSort: (sort: string) => void; readonly onFilter: (dimension: string, value: string) => void; readonly onExplain: Explain }

export function FigureTable({ figures, place: { sort, descending, measure }, onSort, onFilter, onExplain }: TableProps) {
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
        <tbody>{shown.map((row) => <Row key={by.map((dimension) => valueOf(row[dimension])).join('|')} row={row} figures={figures} measures={measures} measure={measure} onFilter={onFilter} onExplain={onExplain} />)}</tbody>
        <tfoot><tr>
          {by.length > 0 && <th scope="row" colSpan={by.length}>{t('figures.total')}</th>}
          {measures.map((name) => <td key={name} class="number"><FigureCell cell={totals[name]} measure={name} of={[]} onExplain={onExplain} /></td>)}
          {by.length > 0 && <td />}
        </tr></tfoot>
      </table>
      {shown.length < rows.length && <p><button type="button" onClick={() => setAll(true)}>{t('figures.showAll', { count: count(rows.length) })}</button></p>}
    </div>
  );
}

interface RowProps { readonly row: FigureRow; readonly figures: Figures; readonly measures: readonly string[]; readonly measure: string; readonly onFilter: (dimension: string, value: string) => void; readonly onExplain: Explain }

function Row({ row, figures: { by, totals }, measures, measure, onFilter, onExplain }: RowProps) {
  const page = usePage();
  const { t, word, valueName, namedValue, decimal } = page;
  const share = sharePercent(decimalOf(row[measure]), decimalOf(totals[measure]));
  return (
    <tr>
      {by.map((dimension) => {
        const value = valueOf(row[dimension]);
        const name = valueName(dimension, value);
        return <th key={dimension} scope="row"><button type="button" class="value" title={t('figures.filterBy', { filter: `${word('dimension', dimension)} ${namedValue(dimension, value)}` })} onClick={() => onFilter(dimension, value)}>{value}</button>{name !== undefined && <span class="quiet"> {name}</span>}</th>;
      })}
      {measures.map((name) => <td key={name} class="number"><FigureCell cell={row[name]} measure={name} of={by.map((dimension) => [dimension, valueOf(row[dimension])])} onExplain={onExplain} /></td>)}
      {by.length > 0 && <td class="number quiet">{share === null ? '–' : `${decimal(share)} %`}</td>}
    </tr>
  );
}

/** A figure, and the way to what it is made of. */
function FigureCell({ cell, measure, of, onExplain }: { readonly cell: Cell | undefined; readonly measure: string; readonly of: readonly (readonly [string, string])[]; readonly onExplain: Explain }) {
  const page = usePage();
  const { t, word, namedValue } = page;
  const amount = shownCell(cell, page);
  if (!onExplain || isNothing(cell)) return <>{amount}</>;
  const whose = of.length === 0 ? t('figures.total') : of.map(([dimension, value]) => namedValue(dimension, value)).join(', ');
  return <button type="button" class="opens" aria-haspopup="dialog" title={t('explain.open')} aria-label={t('explain.openOf', { amount, measure: word('measure', measure), of: whose })} onClick={() => onExplain(measure, of)}>{amount}</button>;
}

const isNothing = (cell: Cell | undefined): boolean => cell === undefined || cell === null || (typeof cell === 'object' ? Object.keys(cell).length === 0 : Number(cell) === 0);

/** A cell as a text, exact. */
export function shownCell(cell: Cell | undefined, { decimal, count }: Page): string {
  if (cell === undefined || cell === null) return '–';
  if (typeof cell === 'number') return count(cell);
  if (typeof cell === 'string') return decimal(cell);
  return Object.entries(cell).map(([unit, value]) => `${decimal(value)} ${unit}`).join(' · ') || '–';
}
