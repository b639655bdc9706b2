/** The sums of the whole answer before anything is drawn or listed: what most people came for. */
import { usePage } from '../context';
import type { Figures } from '../contract';
import { measuresOf, unitOf } from '../measures';
import { shownCell } from './figure-table';

export function FigureTotals({ figures: { totals, currency } }: { readonly figures: Figures }) {
  const page = usePage();
  const { t, word } = page;
  return (
    <section class="totals" aria-labelledby="totals-title">
      <h2 id="totals-title">{t('figures.total')}</h2>
      <dl>
        {/* Quantities of different units are no sum: the table has them. */}
        {measuresOf(totals).filter((name) => unitOf(name) !== 'quantity').map((name) => (
          <div key={name}><dt>{word('measure', name)}</dt><dd>{shownCell(totals[name], page)}{unitOf(name) === 'money' && <small> {currency}</small>}</dd></div>
        ))}
      </dl>
    </section>
  );
}
