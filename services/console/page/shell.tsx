/** What stands around every view: names of the views, freshness, language, theme. */
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Announcements } from './announcements';
import { PageContext, useLive, useNowMs, usePage, type Page } from './context';
import { connection, freshness } from './freshness';
import { limits } from './limits';
import type { LiveState } from './live';
import { Mark, Shape } from './parts/icons';
import { ViewLink } from './parts/view-link';
import { allowedViews, viewOf, type ViewName } from './place';
import type { Theme } from './theme';
import { AuditView } from './views/audit';
import { NowView } from './views/now';
import { PeriodsView } from './views/periods';
import { PrecursorsView } from './views/precursors';
import { RefusalsView } from './views/refusals';
import { RevenueView, StatisticsView } from './views/figures';
import { StreamView } from './views/stream';

const viewParts: Readonly<Record<ViewName, ComponentType>> = { now: NowView, revenue: RevenueView, statistics: StatisticsView, periods: PeriodsView, precursors: PrecursorsView, stream: StreamView, refusals: RefusalsView, audit: AuditView };

interface ShellProps { readonly page: Omit<Page, 'announce'>; readonly theme: Theme; readonly onLeave: () => void }

export function Shell({ page, theme, onLeave }: ShellProps) {
  const [spoken, announce] = useAnnouncements();
  const { search, session, t, live } = page;
  const view = viewOf(search, session.permissions);
  const wall = view === 'now' && new URLSearchParams(search).get('wall') === 'true';
  useEffect(() => { live.watch(topicsOf(view, session.permissions)); }, [live, view, session]);
  const heading = useRef<HTMLElement>(null);
  useEffect(() => { document.title = `${view === undefined ? '' : `${t(`view.${view}`)} · `}Tidewaiter`; }, [view, t]);
  const View = view === undefined ? undefined : viewParts[view];
  return (
    <PageContext.Provider value={{ ...page, announce }}>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); heading.current?.focus(); }}>{t('page.skip')}</a>
      <div class={wall ? 'frame wall' : 'frame'}>
        <Header view={view} theme={theme} onLeave={onLeave} />
        <main id="content" ref={heading} tabIndex={-1}>{View ? <View key={view} /> : <p>{t('page.nothingAllowed')}</p>}</main>
      </div>
      <p class="unseen" role="status" aria-live="polite">{spoken}</p>
    </PageContext.Provider>
  );
}

function topicsOf(view: ViewName | undefined, permissions: readonly string[]): string[] {
  const allowed = (topic: string, permission: string): string[] => (permissions.includes(permission) ? [topic] : []);
  return [
    ...allowed('now', 'see:now'), ...allowed('figures', 'see:figures'), ...allowed('alerts', 'see:precursors'), ...allowed('status', 'see:now'),
    ...(view === 'stream' ? allowed('declarations', 'see:stream') : []),
  ];
}

function useAnnouncements(): readonly [string, (text: string) => void] {
  const announcements = useMemo(() => new Announcements(limits.announceMs), []);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setInterval(() => { const text = announcements.due(Date.now()); if (text !== undefined) setSpoken(text); }, 500);
    return () => clearInterval(timer);
  }, [announcements]);
  return [spoken, (text) => announcements.add(text)];
}

function Header({ view, theme, onLeave }: { readonly view: ViewName | undefined; readonly theme: Theme; readonly onLeave: () => void }) {
  const { t, session, language, go } = usePage();
  const other = language === 'en' ? 'fr' : 'en';
  return (
    <header>
      <p class="brand"><Mark /><span>Tidewaiter</span> <abbr title={t('page.profile', { profile: session.profile.id })}>{session.profile.id}</abbr></p>
      <nav aria-label={t('page.views')}>
        {allowedViews(session.permissions).map(({ name }) => <ViewLink key={name} view={name} current={name === view}>{t(`view.${name}`)}</ViewLink>)}
      </nav>
      <div class="tools">
        <Freshness />
        <button type="button" lang={other} onClick={() => go({ lang: other }, 'replace')}>{t('page.otherLanguage')}</button>
        <button type="button" aria-pressed={theme.dark} aria-label={t('page.dark')} title={t('page.dark')} onClick={theme.toggle}><Shape name={theme.dark ? 'sun' : 'moon'} /></button>
        <button type="button" onClick={onLeave} title={session.name}>{t('page.signOut')}</button>
      </div>
    </header>
  );
}

/** When something last arrived, and whether that is long ago. */
function Freshness() {
  const { t, clock, announce, live, session, can } = usePage();
  const [arrivedAtMs, setArrivedAtMs] = useState<number>();
  const [state, setState] = useState<LiveState>('connecting');
  const nowMs = useNowMs(1_000);
  const arrived = (): void => setArrivedAtMs(Date.now());
  useLive('now', arrived);
  useLive('status', arrived);
  useEffect(() => live.onState(setState), [live]);
  const shown = connection(state, can('see:now'), freshness(arrivedAtMs, nowMs, limits));
  const stale = shown === 'stale' || shown === 'lost';
  useEffect(() => { if (stale) announce(t('live.staleSpoken')); }, [stale]);
  if (shown === 'none') return null;
  return (
    <p class={`freshness ${stale ? 'bad' : shown === 'live' ? 'good' : ''}`} title={t('page.timeZone', { timeZone: session.profile.timeZone })}>
      <Shape name={stale ? 'warning' : 'live'} /><strong>{t(`live.${shown}`)}</strong>
      <span>{arrivedAtMs === undefined ? '' : t('live.updated', { time: clock(new Date(arrivedAtMs).toISOString()) })} <span class="zone">{session.profile.timeZone}</span></span>
    </p>
  );
}
