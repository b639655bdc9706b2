import { usePage, type Asked } from '../context';

/** For lists that do not move by themselves: of when they are, beside a header that says that the page is live. */
export function Reload({ asked: { again, answeredAtMs } }: { readonly asked: Pick<Asked<unknown>, 'again' | 'answeredAtMs'> }) {
  const { t, clock } = usePage();
  return (
    <p class="line">
      {answeredAtMs !== undefined && <span class="quiet small">{t('list.asOf', { time: clock(new Date(answeredAtMs).toISOString()) })}</span>}
      <button type="button" onClick={again}>{t('refusals.reload')}</button>
    </p>
  );
}
