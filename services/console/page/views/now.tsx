/** The wall: is all well, what is coming in, and how does it compare with a week ago. */
import { useEffect, useState } from 'preact/hooks';
import { changePercent } from '../amount';
import { useAsked, useLive, useNowMs, usePage } from '../context';
import type { Counts, Finding, LightLevel, Now } from '../contract';
import { FigureStatus } from '../parts/badge';
import { Shape, type ShapeName } from '../parts/icons';
import { Problem } from '../parts/problem';
import { Sparkline } from '../parts/sparkline';

const lightShapes: Readonly<Record<LightLevel, ShapeName>> = { green: 'good', amber: 'warning', red: 'bad' };

export function NowView() {
  const { t, search, go, announce } = usePage();
  const { answer, failure, again } = useAsked<Now>('/now');
  const [pushed, setPushed] = useState<Now>();
  useLive<Now>('now', setPushed);
  const now = pushed ?? answer;
  const level = now?.light.level;
  useEffect(() => { if (level !== undefined) announce(t(`light.${level}`)); }, [level]);
  const wall = new URLSearchParams(search).get('wall') === 'true';
  return (
    <div class="now">
      <div class="title-row">
        <h1>{t('view.now')}</h1>
        <button type="button" aria-pressed={wall} onClick={() => go({ wall: wall ? undefined : 'true' })}>{t('now.wall')}</button>
      </div>
      {failure && !now && <Problem failure={failure} onAgain={again} />}
      {now && <Light now={now} />}
      {now && <Tiles now={now} />}
    </div>
  );
}

function Light({ now: { light } }: { readonly now: Now }) {
  const { t } = usePage();
  return (
    <section class={`light ${light.level}`} aria-labelledby="light-title">
      <Shape name={lightShapes[light.level]} />
      <div>
        <h2 id="light-title">{t(`light.${light.level}`)}</h2>
        {light.findings.length === 0 ? <p>{t('light.nothing')}</p> : <ul>{light.findings.map((finding) => <FindingLine key={finding.code} finding={finding} />)}</ul>}
      </div>
    </section>
  );
}

function FindingLine({ finding: { level, text, runbook } }: { readonly finding: Finding }) {
  const { language, t } = usePage();
  return <li class={level}><Shape name={lightShapes[level]} /><span>{text[language]}{runbook !== undefined && <> <code title={t('now.runbook')}>{runbook}</code></>}</span></li>;
}

function Tiles({ now }: { readonly now: Now }) {
  const { t, decimal, count, session } = usePage();
  const { revenue } = now;
  const minutes = now.perMinute.map(({ declarations }) => declarations);
  return (
    <>
      <div class="tiles large">
        <section class="tile" aria-labelledby="tile-rate">
          <h2 id="tile-rate">{t('now.rate')}</h2>
          <p class="figure">{count(now.declarationsPerMinute)} <small>{t('now.perMinute')}</small></p>
          <Sparkline values={minutes} label={t('now.sparkline', { count: minutes.length, least: count(Math.min(...minutes)), most: count(Math.max(0, ...minutes)) })} />
          <p class="axis"><span>{now.perMinute[0]?.minute.slice(11)}</span><span>{t('now.most', { most: count(Math.max(0, ...minutes)) })}</span><span>{now.perMinute.at(-1)?.minute.slice(11)}</span></p>
        </section>
        <section class="tile" aria-labelledby="tile-today">
          <h2 id="tile-today">{t('now.revenueToday')}</h2>
          <p class="figure">{decimal(revenue.today)} <small>{revenue.currency}</small></p>
          <p class="quiet">{t('now.assessed')} · {t('page.timeZone', { timeZone: session.profile.timeZone })}</p>
          <p><FigureStatus status={now.status} /></p>
        </section>
        <Compared title={t('now.lastHour')} amount={revenue.lastHour} earlier={revenue.hourWeekEarlier} currency={revenue.currency} />
        <Compared title={t('now.last24Hours')} amount={revenue.last24Hours} earlier={revenue.last24HoursWeekEarlier} currency={revenue.currency} />
      </div>
      <div class="tiles">
        <Counted title={t('now.refusals')} counts={now.refusals} />
        {now.alerts && <Counted title={t('now.alerts')} counts={now.alerts} />}
        <NewestEvent now={now} />
      </div>
    </>
  );
}

/** An amount and the same hours a week earlier. */
function Compared({ title, amount, earlier, currency }: { readonly title: string; readonly amount: string; readonly earlier: string; readonly currency: string }) {
  const { t, decimal } = usePage();
  const change = changePercent(amount, earlier);
  const falling = change?.startsWith('-') ?? false;
  return (
    <section class="tile">
      <h2>{title}</h2>
      <p class="figure">{decimal(amount)} <small>{currency}</small></p>
      <p class="quiet">{change === null ? t('now.noneEarlier') : <><span class="change" aria-hidden="true">{falling ? '▼' : '▲'}</span> {falling ? '' : '+'}{decimal(change)} % {t('now.weekEarlier', { amount: decimal(earlier) })}</>}</p>
    </section>
  );
}

function Counted({ title, counts }: { readonly title: string; readonly counts: Counts }) {
  const { t, count } = usePage();
  return (
    <section class="tile">
      <h2>{title}</h2>
      <p class="figure">{count(counts.lastHour)} <small>{t('now.inLastHour')}</small></p>
      <p class="quiet">{t('now.inLast24Hours', { count: count(counts.last24Hours) })}</p>
    </section>
  );
}

/** Counts on between two ticks: an age that stands still would look healthy. */
function NewestEvent({ now }: { readonly now: Now }) {
  const { t, age, moment } = usePage();
  const nowMs = useNowMs(1_000);
  const [seen, setSeen] = useState({ now, atMs: nowMs });
  useEffect(() => setSeen({ now, atMs: Date.now() }), [now]);
  const { newestEventAgeMs, newestEventAt } = now;
  return (
    <section class="tile">
      <h2>{t('now.newestEvent')}</h2>
      <p class="figure">{newestEventAgeMs === null ? '–' : age(newestEventAgeMs + (seen.now === now ? Math.max(0, nowMs - seen.atMs) : 0))}</p>
      <p class="quiet">{newestEventAt === null ? t('now.noEvent') : moment(newestEventAt)}</p>
    </section>
  );
}
