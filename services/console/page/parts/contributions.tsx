/** The declarations of a figure, largest first, and a sum line that is the figure however few of them are listed. */
import type { ComponentChildren } from 'preact';
import { usePage } from '../context';
import type { Contribution, Explanation } from '../contract';
import { sumOfCells } from '../explained';
import { unitOf } from '../measures';
import { shownCell } from './figure-table';

const DATES_SHOWN = 3;

interface ContributionsProps { readonly explanation: Explanation; readonly measure: string; readonly onMore: () => void }

export function Contributions({ explanation, measure, onMore }: ContributionsProps) {
  const page = usePage();
  const { t, word, count } = page;
  const { contributions, declarations, remaining, explained, currency, next } = explanation;
  const sumRow = (label: string, sum: ComponentChildren) => <tr key={label}><th scope="row">{label}</th><td class="number">{sum}</td><td colSpan={6} /></tr>;
  if (declarations === 0) return <p class="empty">{t('explain.none')}</p>;
  return (
    <>
      <div class="scroll contributions" tabIndex={0} role="region" aria-label={t('explain.declarations')}>
        <table>
          <caption class="unseen">{t('explain.declarations')}</caption>
          <thead><tr>
            <th scope="col">{t('tail.declaration')}</th><th scope="col" class="number">{word('measure', measure)}{unitOf(measure) === 'money' ? ` ${currency}` : ''}</th><th scope="col">{t('dimension.office')}</th>
            <th scope="col">{t('explain.countsAt')}</th><th scope="col">{t('explain.codes')}</th><th scope="col">{t('explain.decidedBy')}</th><th scope="col">{t('explain.payments')}</th><th scope="col">{t('explain.source')}</th>
          </tr></thead>
          <tbody>{contributions.map((one) => <Line key={one.declarationId} one={one} measure={measure} currency={currency} />)}</tbody>
          <tfoot>
            {remaining && sumRow(t('explain.listed', { count: count(contributions.length) }), shownCell(sumOfCells(contributions.map(({ amounts }) => amounts[measure])), page))}
            {remaining && sumRow(t('explain.smaller', { count: count(remaining.declarations) }), shownCell(remaining.amounts[measure], page))}
            {sumRow(t('explain.sum', { count: count(declarations) }), shownCell(explained[measure], page))}
          </tfoot>
        </table>
      </div>
      {next !== null && <p><button type="button" onClick={onMore}>{t('page.more')}</button></p>}
      {next === null && remaining && <p class="quiet small">{t('explain.largestOnly', { count: count(contributions.length) })}</p>}
    </>
  );
}

function Line({ one, measure, currency }: { readonly one: Contribution; readonly measure: string; readonly currency: string }) {
  const page = usePage();
  const { t, word, day, count, go } = page;
  const { declarationId, version, status, office, amounts, countsAt, datesInAll, raw, counted, details } = one;
  return (
    <tr>
      <th scope="row"><button type="button" class="value" title={t('explain.trace')} onClick={() => go({ declaration: declarationId })}>{declarationId}</button> <span class="quiet small">{t('alerts.listVersion', { version })}, {word('declarationStatus', status)}</span></th>
      <td class="number">{shownCell(amounts[measure], page)}</td>
      <td>{office}</td>
      <td class="when">{[...new Set(countsAt.slice(0, DATES_SHOWN).map(day))].join(' · ')}{datesInAll > DATES_SHOWN && ` … (${count(datesInAll)})`}</td>
      <td>{details ? details.codes.map((code) => <><code key={code}>{code}</code> </>) : <span class="quiet">–</span>}</td>
      <td>
        {details ? <code title={t('explain.referenceSet', { set: details.referenceSet })}>{details.definitions}</code> : <span class="quiet">–</span>}
        {details?.hits?.map(({ itemNumber, listId, listVersion, rowId, substance, level }) => <div key={`${itemNumber} ${listId} ${rowId}`} class="small"><code>{listId} {listVersion}</code> {substance}, {t('alerts.level', { level })}</div>)}
      </td>
      <td><Payments one={one} currency={currency} /></td>
      <td class="small"><code title={raw.topic}>{t('explain.raw')} {raw.partition}/{raw.offset}</code> <code title={counted.topic}>{t('explain.counted')} {counted.partition}/{counted.offset}</code></td>
    </tr>
  );
}

function Payments({ one: { payments, paymentsInAll }, currency }: { readonly one: Contribution; readonly currency: string }) {
  const { t, word, decimal, day, count } = usePage();
  if (paymentsInAll === 0) return <span class="quiet">–</span>;
  return (
    <details>
      <summary>{t('explain.paymentCount', { count: count(paymentsInAll) })}</summary>
      <ul class="small">
        {payments.map(({ taxType, measure, amount, paidAt }, place) => <li key={place}>{taxType} {word('measure', measure)} {decimal(amount)} {currency}, {day(paidAt)}</li>)}
        {payments.length < paymentsInAll && <li class="quiet">…</li>}
      </ul>
    </details>
  );
}
