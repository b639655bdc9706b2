/** What the figures may be trusted for: always in sight, never behind a click. */
import { usePage } from '../context';
import type { ClosedMonth, Figures } from '../contract';
import { periodKeys } from '../moments';
import { FigureStatus } from './badge';
import { Shape } from './icons';
import { ViewLink } from './view-link';

interface ProvenanceProps { readonly figures: Figures; readonly answeredAtMs: number | undefined; readonly adjustments: boolean; readonly onAdjustments: (shown: boolean) => void }

export function Provenance({ figures, answeredAtMs, adjustments, onAdjustments }: ProvenanceProps) {
  const { t, moment, clock, session, can } = usePage();
  const { status, period, definitions, asOf, closed = [], adjusted, onlyAdjustments } = figures;
  return (
    <section class="provenance" aria-label={t('figures.provenance')}>
      <p class="line">
        <FigureStatus status={status} />
        <span>{t('figures.fromTo', { from: moment(period.from), to: moment(period.to), timeZone: session.profile.timeZone })}</span>
        <span>{t('figures.definitions')} <code>{definitions}</code></span>
        {period.kind === 'month' && can('see:periods') && <ViewLink view="periods" also={{ month: periodKeys(Date.parse(period.from), session.profile.timeZone).month }}>{t('figures.toPeriod')}</ViewLink>}
        {answeredAtMs !== undefined && <span>{t('live.updated', { time: clock(new Date(answeredAtMs).toISOString()) })}</span>}
      </p>
      {status === 'catching-up' && <p class="note warning"><Shape name="warning" />{t('figures.catchingUp')}</p>}
      <p class="line small quiet">
        <span>{t('figures.asOf', { time: asOf.streamTime === null ? '–' : moment(asOf.streamTime) })}</span>
        <span>{t('figures.offsets')} {offsetsText(asOf.offsets)}</span>
      </p>
      {closed.map((month) => <Seal key={month.period} month={month} />)}
      {closed.length > 0 && (
        <p class="line">
          {adjusted === true && !onlyAdjustments && <span class="note warning"><Shape name="warning" />{t('figures.adjusted')}</span>}
          {onlyAdjustments && <span class="note"><Shape name="neutral" />{t('figures.onlyAdjustments')}</span>}
          <button type="button" aria-pressed={adjustments} onClick={() => onAdjustments(!adjustments)}>{t('figures.showAdjustments')}</button>
        </p>
      )}
    </section>
  );
}

function Seal({ month: { period, closedBy, closedAt, digest } }: { readonly month: ClosedMonth }) {
  const { t, moment } = usePage();
  return <p class="line small"><Shape name="sealed" /><span>{t('figures.sealed', { period, name: closedBy, time: moment(closedAt) })}</span> <code title={digest}>{digest.slice(0, 16)}…</code></p>;
}

/** `topic/0 12 · /1 34`: the topic once, then its partitions. */
export function offsetsText(offsets: Readonly<Record<string, string>>): string {
  let before = '';
  return Object.entries(offsets).map(([place, next]) => {
    const slash = place.lastIndexOf('/');
    const topic = place.slice(0, Math.max(0, slash));
    const shown = topic === before ? place.slice(slash) : place;
    before = topic;
    return `${shown} ${next}`;
  }).join(' · ');
}
