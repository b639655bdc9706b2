/** What was declared against what is usual in the substance. Means, as only sums and counts are kept: said where they stand. */
import { usePage } from '../context';
import type { DeclaredItem, UsualTrade } from '../contract';
import { Badge, type Tone } from './badge';

/** From so many times the mean on somebody should look twice, or at once. */
const toneOf = (times: string): Tone => (Number(times) >= 10 ? 'bad' : Number(times) >= 3 ? 'warning' : 'neutral');

interface UsualProps { readonly declared: DeclaredItem | null; readonly usual: UsualTrade | null; readonly list: string }

export function Usual({ declared, usual, list }: UsualProps) {
  const { t, count, decimal, month, session } = usePage();
  return (
    <>
      <h3>{t('alerts.usual')}</h3>
      <dl>
        <dt>{t('alerts.declared')}</dt>
        <dd>
          {declared === null ? <span class="quiet">{t('alerts.declaredUnknown')}</span> : <strong>{decimal(declared.netMassKg)} kg{declared.quantity && ` · ${decimal(declared.quantity.value)} ${declared.quantity.unit}`}</strong>}
          {usual?.timesMean != null && <> <Badge tone={toneOf(usual.timesMean)}>{t('alerts.times', { times: decimal(usual.timesMean) })}</Badge></>}
        </dd>
        {usual?.meanKg != null && <><dt>{t('alerts.mean')}</dt><dd>{decimal(usual.meanKg)} kg</dd></>}
        {usual?.medianOfMonthsKg != null && <><dt>{t('alerts.median')}</dt><dd>{decimal(usual.medianOfMonthsKg)} kg</dd></>}
        {usual?.highestMonth && <><dt>{t('alerts.highest')}</dt><dd>{decimal(usual.highestMonth.meanKg)} kg, {month(usual.highestMonth.month)}</dd></>}
      </dl>
      {usual === null || usual.items === 0
        ? <p class="quiet">{t('alerts.usualNone')}</p>
        : (
          <>
            <p>{t('alerts.usualText', { months: usual.months, items: count(usual.items), mass: decimal(usual.netMassKg), value: decimal(usual.value), currency: session.profile.currency })}</p>
            <p class="quiet small">{t('alerts.meansOnly', { list })}</p>
            <Months months={usual.byMonth} />
          </>
        )}
    </>
  );
}

function Months({ months }: { readonly months: UsualTrade['byMonth'] }) {
  const { t, count, decimal, word } = usePage();
  return (
    <details class="steps">
      <summary>{t('alerts.byMonth')}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('alerts.byMonth')}>
        <table>
          <thead><tr><th scope="col">{t('periods.month')}</th><th scope="col" class="number">{word('measure', 'items')}</th><th scope="col" class="number">{word('measure', 'netMassKg')}</th><th scope="col" class="number">{t('alerts.meanKg')}</th></tr></thead>
          <tbody>{months.map(({ month, items, netMassKg, meanKg }) => <tr key={month}><th scope="row">{month}</th><td class="number">{count(items)}</td><td class="number">{decimal(netMassKg)}</td><td class="number">{meanKg === null ? '–' : decimal(meanKg)}</td></tr>)}</tbody>
        </table>
      </div>
    </details>
  );
}
