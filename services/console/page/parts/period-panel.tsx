/** One month: its seal and what has come since, or what stands against signing it off. */
import { useEffect, useRef } from 'preact/hooks';
import { useAsked, usePage } from '../context';
import type { MonthDetail, Seal, SinceClosed } from '../contract';
import { limits } from '../limits';
import { decimalOf, measuresOf, unitOf } from '../measures';
import { FigureStatus } from './badge';
import { Changed } from './changed';
import { Problem } from './problem';
import { SignOff } from './sign-off';
import { ViewLink } from './view-link';

interface PanelProps { readonly period: string; readonly onClosed: () => void; readonly onClose: () => void }

export function PeriodPanel({ period, onClosed, onClose }: PanelProps) {
  const { t, month, moment } = usePage();
  const { answer, failure, again } = useAsked<MonthDetail>(`/periods/${period}`);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => { title.current?.focus(); }, []);
  const open = answer !== undefined && answer.seal === null;
  /** Comparing a closed month with its seal reads many figures: once, when somebody opens it. */
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(again, limits.periodsRefreshMs);
    return () => clearInterval(timer);
  }, [open]);
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <div class="title-row">
        <h2 id="panel-title" tabIndex={-1} ref={title}>{month(period)}</h2>
        <button type="button" onClick={onClose}>{t('page.close')}</button>
      </div>
      {failure && <Problem failure={failure} onAgain={again} />}
      {answer && (
        <>
          <p class="line"><FigureStatus status={answer.status} /><span>{moment(answer.from)} – {moment(answer.to)}</span></p>
          {answer.seal
            ? <><Sealed seal={answer.seal} /><Since period={period} since={answer.since} /></>
            : <><Open month={answer} /><SignOff month={answer} onLook={again} onEnd={() => { again(); onClosed(); title.current?.focus(); }} /></>}
        </>
      )}
    </aside>
  );
}

/** Whoever signs should have looked. */
function Open({ month: { period, definitions } }: { readonly month: MonthDetail }) {
  const { t, can } = usePage();
  return (
    <>
      <p>{t('figures.definitions')} <code>{definitions ?? '–'}</code></p>
      {can('see:figures') && <p class="line">{t('periods.figures')} {(['revenue', 'statistics'] as const).map((view) => <ViewLink key={view} view={view} also={{ period: `month:${period}` }}>{t(`view.${view}`)}</ViewLink>)}</p>}
    </>
  );
}

function Sealed({ seal: { closedBy, closedAt, digest, definitions, hashes, fields } }: { readonly seal: Seal }) {
  const { t, moment, count } = usePage();
  return (
    <>
      <dl>
        <dt>{t('periods.signedBy')}</dt><dd>{closedBy}</dd>
        <dt>{t('periods.signedAt')}</dt><dd>{moment(closedAt)}</dd>
        <dt>{t('periods.content')}</dt><dd>{t('periods.values', { values: count(fields), tables: count(hashes) })}</dd>
        <dt>{t('figures.definitions')}</dt><dd><code>{definitions}</code></dd>
        <dt>{t('periods.digest')}</dt><dd><code class="digest">{digest}</code></dd>
      </dl>
      <p class="line"><button type="button" onClick={() => { void navigator.clipboard.writeText(digest); }}>{t('refusals.copy')}</button><span class="quiet small">{t('closing.already-closed')}</span></p>
    </>
  );
}

function Since({ period, since }: { readonly period: string; readonly since: readonly SinceClosed[] }) {
  const { t, can } = usePage();
  return (
    <section aria-labelledby="since-title">
      <h3 id="since-title">{t('periods.since')}</h3>
      <ul>{since.map(({ view, changed, totals }) => (
        <li key={view}>
          <p class="line"><strong>{can('see:figures') ? <ViewLink view={view} also={{ period: `month:${period}`, ...(changed === false ? {} : { adjustments: 'true' }) }}>{t(`view.${view}`)}</ViewLink> : t(`view.${view}`)}</strong><Changed changed={changed} /></p>
          {changed === true && totals !== null && <Adjustments totals={totals} />}
        </li>
      ))}</ul>
      <p class="quiet small">{t('periods.beside')}</p>
    </section>
  );
}

/** What adds up to nothing is left out: the table behind the link has what moved from one cell to another. */
function Adjustments({ totals }: { readonly totals: NonNullable<SinceClosed['totals']> }) {
  const { word, decimal, session } = usePage();
  const shown = measuresOf(totals).filter((name) => Number(decimalOf(totals[name])) !== 0);
  return <dl>{shown.map((name) => [<dt key={name}>{word('measure', name)}</dt>, <dd key={`${name} value`} class="number">{decimal(decimalOf(totals[name]))}{unitOf(name) === 'money' ? ` ${session.profile.currency}` : ''}</dd>])}</dl>;
}
