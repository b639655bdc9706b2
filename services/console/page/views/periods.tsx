/** Months: what their figures may be trusted for, who signed them off, and what has come since. */
import { useEffect } from 'preact/hooks';
import { useAsked, usePage } from '../context';
import type { MonthList } from '../contract';
import { limits } from '../limits';
import { FigureStatus } from '../parts/badge';
import { Changed } from '../parts/changed';
import { PeriodPanel } from '../parts/period-panel';
import { Problem } from '../parts/problem';

export function PeriodsView() {
  const { t, search, go } = usePage();
  const asked = useAsked<MonthList>('/periods');
  useEffect(() => {
    const timer = setInterval(asked.again, limits.periodsRefreshMs);
    return () => clearInterval(timer);
  }, []);
  const chosen = new URLSearchParams(search).get('month') ?? undefined;
  return (
    <div class="periods">
      <h1>{t('view.periods')}</h1>
      {asked.failure && <Problem failure={asked.failure} onAgain={asked.again} />}
      <div class={chosen === undefined ? 'split' : 'split open'}>
        {asked.answer ? <Months months={asked.answer.periods} chosen={chosen} /> : <p class="waiting" role="status">{t('page.loading')}</p>}
        {chosen !== undefined && <PeriodPanel key={chosen} period={chosen} onClosed={asked.again} onClose={() => go({ month: undefined })} />}
      </div>
    </div>
  );
}

function Months({ months, chosen }: { readonly months: MonthList['periods']; readonly chosen: string | undefined }) {
  const { t } = usePage();
  if (months.length === 0) return <p class="empty">{t('periods.none')}</p>;
  return (
    <div class="scroll queue" tabIndex={0} role="region" aria-label={t('periods.list')}>
      <table>
        <caption class="unseen">{t('periods.list')}</caption>
        <thead><tr>
          <th scope="col">{t('periods.month')}</th><th scope="col">{t('periods.status')}</th><th scope="col">{t('periods.revenueSince')}</th>
          <th scope="col">{t('periods.signedBy')}</th><th scope="col">{t('periods.signedAt')}</th><th scope="col">{t('periods.digest')}</th>
        </tr></thead>
        <tbody>{months.map((month) => <MonthLine key={month.period} month={month} chosen={month.period === chosen} />)}</tbody>
      </table>
    </div>
  );
}

function MonthLine({ month: { period, status, seal, revenueChanged }, chosen }: { readonly month: MonthList['periods'][number]; readonly chosen: boolean }) {
  const { t, moment, month, go } = usePage();
  return (
    <tr class={chosen ? 'chosen' : undefined}>
      <th scope="row"><button type="button" class="value" aria-expanded={chosen} onClick={() => go({ month: period })}>{period}</button> <span class="quiet">{month(period)}</span></th>
      <td><FigureStatus status={status} />{status === 'final' && <span class="quiet"> {t('periods.ready')}</span>}</td>
      <td>{seal === null ? <span class="quiet">–</span> : <Changed changed={revenueChanged} />}</td>
      <td>{seal?.closedBy ?? <span class="quiet">–</span>}</td>
      <td>{seal ? moment(seal.closedAt) : <span class="quiet">–</span>}</td>
      <td>{seal ? <code title={seal.digest}>{seal.digest.slice(0, 12)}…</code> : <span class="quiet">–</span>}</td>
    </tr>
  );
}
