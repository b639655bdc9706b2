/** What subscribers were told of a figure, newest first, and the source positions that each telling reflects. */
import { usePage } from '../context';
import type { Revision } from '../contract';
import { revisedAmount } from '../explained';
import { shownCell } from './figure-table';
import { offsetsText } from './provenance';

export function Revisions({ revisions, measure }: { readonly revisions: readonly Revision[]; readonly measure: string }) {
  const page = usePage();
  const { t, word, moment, session } = page;
  return (
    <section>
      <h3 id="revisions-title">{t('explain.revisions')}</h3>
      {revisions.length === 0 ? <p class="quiet">{t('explain.noRevisions')}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="revisions-title">
          <table>
            <thead><tr><th scope="col" class="number">{t('explain.revision')}</th><th scope="col">{t('explain.toldAt')}</th><th scope="col">{t('periods.status')}</th><th scope="col" class="number">{word('measure', measure)}</th><th scope="col">{t('figures.offsets')}</th></tr></thead>
            <tbody>{[...revisions].reverse().map(({ revision, at, status, amounts, offsets }) => (
              <tr key={revision}><th scope="row" class="number">{revision}</th><td class="when">{moment(at)}</td><td>{word('status', status)}</td><td class="number">{shownCell(revisedAmount(amounts, measure, session.profile.minorUnits), page)}</td><td class="small quiet">{offsetsText(offsets)}</td></tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
