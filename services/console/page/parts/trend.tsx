/** Lag over the last minutes, and in words what it comes to. */
import { usePage } from '../context';
import type { LagTrend } from '../contract';
import { limits } from '../limits';
import { formatAbout } from '../moments';
import { Sparkline } from './sparkline';

const tones: Readonly<Record<LagTrend['direction'], string>> = { even: 'quiet', unknown: 'quiet', clearing: 'warning', standing: 'bad', growing: 'bad' };

export function Trend({ trend: { direction, clearsInSeconds, points } }: { readonly trend: LagTrend }) {
  const { t, count } = usePage();
  const text = direction !== 'clearing' || clearsInSeconds === null ? t(`trend.${direction === 'clearing' ? 'unknown' : direction}`)
    : clearsInSeconds < 60 ? t('trend.soon') : t('trend.clearing', { time: formatAbout(clearsInSeconds) });
  return (
    <div class="trend">
      <Sparkline values={points} least={limits.lagDrawnFrom} label={t('stream.trendLabel', { newest: count(points.at(-1) ?? 0), most: count(Math.max(0, ...points)) })} />
      <span class={tones[direction]}>{text}</span>
    </div>
  );
}
