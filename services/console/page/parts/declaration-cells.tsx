/** The other way round: every figure that one declaration touches, and what each of its versions did. */
import { useAsked, usePage } from '../context';
import type { TracedDeclaration } from '../contract';
import { cellRows, type CellRow } from '../explained';
import { unitOf } from '../measures';
import { shownCell } from './figure-table';
import { Problem } from './problem';
import { ViewLink } from './view-link';

export function DeclarationCells({ declarationId }: { readonly declarationId: string }) {
  const { t, word } = usePage();
  const { answer, failure, asking, again } = useAsked<TracedDeclaration>(`/explain/declaration/${encodeURIComponent(declarationId)}`);
  if (failure) return <Problem failure={failure} onAgain={again} />;
  if (!answer) return asking ? <p class="waiting" role="status">{t('explain.working')}</p> : null;
  return (
    <>
      <p class="line">{answer.version === null ? t('explain.notCounted') : `${t('alerts.listVersion', { version: answer.version })}, ${word('declarationStatus', answer.status ?? '')}`}</p>
      <Versions declaration={answer} />
      <Cells declaration={answer} />
    </>
  );
}

function Versions({ declaration: { history, historyMissing } }: { readonly declaration: TracedDeclaration }) {
  const { t, word, moment, count } = usePage();
  return (
    <section>
      <h3 id="versions-title">{t('explain.versions')}</h3>
      {history === null ? <p class="quiet">{t(historyMissing === 'away' ? 'explain.logAway' : 'explain.logTooLong')}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="versions-title">
          <table>
            <thead><tr><th scope="col" class="number">{t('explain.version')}</th><th scope="col">{t('tail.status')}</th><th scope="col">{t('refusals.arrived')}</th><th scope="col">{t('audit.outcome')}</th><th scope="col" class="number">{t('explain.changed')}</th><th scope="col">{t('explain.codes')}</th><th scope="col">{t('explain.source')}</th></tr></thead>
            <tbody>{history.map(({ at, raw, version, status, outcome, codes, changed }) => (
              <tr key={`${raw.partition}/${raw.offset}`}>
                <th scope="row" class="number">{version ?? '–'}</th><td>{status === null ? '–' : word('declarationStatus', status)}</td><td class="when">{moment(at)}</td><td>{word('counting', outcome)}</td><td class="number">{count(changed)}</td>
                <td>{codes.map((code) => <><code key={code}>{code}</code> </>)}</td><td class="small"><code>{t('explain.raw')} {raw.partition}/{raw.offset}</code></td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What quality is counted from are sums that nobody reads as figures. */
function Cells({ declaration: { cells, cellsInAll, currency } }: { readonly declaration: TracedDeclaration }) {
  const { t, count } = usePage();
  const read = cells.filter(({ view }) => view !== 'quality');
  return (
    <section>
      <h3 id="cells-title">{t('explain.cells')}</h3>
      {read.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="cells-title">
          <table>
            <thead><tr><th scope="col">{t('explain.view')}</th><th scope="col">{t('explain.cell')}</th><th scope="col">{t('explain.adds')}</th></tr></thead>
            <tbody>{cellRows(read).map((row) => <CellLine key={row.key} row={row} currency={currency} />)}</tbody>
          </table>
        </div>
      )}
      {read.length < cellsInAll && <p class="quiet small">{t('explain.otherCells', { count: count(cellsInAll - read.length) })}</p>}
    </section>
  );
}

function CellLine({ row: { view, grain, period, where, measures }, currency }: { readonly row: CellRow; readonly currency: string }) {
  const page = usePage();
  const { word, valueName } = page;
  const conditions = Object.entries(where);
  const openable = (view === 'revenue' || view === 'statistics') && (grain === 'month' || grain === 'day') && view;
  const shown = <>{conditions.map(([dimension, value]) => <span key={dimension} class="part" title={`${word('dimension', dimension)}${valueName(dimension, value) === undefined ? '' : `: ${valueName(dimension, value)}`}`}>{value || '–'} </span>)}</>;
  return (
    <tr>
      <th scope="row">{word('cube', view)} <span class="when quiet">{period}</span></th>
      <td>{openable ? <ViewLink view={openable} also={{ period: `${grain}:${period}`, by: 'none', where: conditions.map((condition) => condition.join(':')) }}>{shown}</ViewLink> : shown}</td>
      <td>{measures.map(({ measure, unit, amount }) => <span key={`${measure} ${unit}`} class="part"><span class="quiet">{word('measure', measure)}</span> {shownCell(unit === undefined ? amount : { [unit]: String(amount) }, page)}{unitOf(measure) === 'money' ? ` ${currency}` : ''} </span>)}</td>
    </tr>
  );
}
