/** What stands around every view: names of the views, freshness, language, theme. */
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Announcements } from './announcements';
import { PageContext, useLive, useNowMs, usePage, type Page } from './context';
import { freshness } from './freshness';
import { limits } from './limits';
import type { LiveState } from './live';
import { Mark, Shape } from './parts/icons';
import { allowedViews, searchOfView, viewOf, type ViewName } from './place';
import type { Theme } from './theme';
import { NowView } from './views/now';
import { PrecursorsView } from './views/precursors';
import { RefusalsView } from './views/refusals';
import { RevenueView, StatisticsView } from './views/figures';
import { StreamView } from './views/stream';

const viewParts: Readonly<Record<ViewName, ComponentType>> = { now: NowView, revenue: RevenueView, statistics: StatisticsView, precursors: PrecursorsView, stream: StreamView, refusals: RefusalsView };

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
    ...allowed('now', 'see:now'), ...allowed('figures', 'see:figures'), ...allowed('alerts', 'see:precursors'), ...allowed('status', 'see:stream'),
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
  const page = usePage();
  const { t, session, search, language, go } = page;
  const other = language === 'en' ? 'fr' : 'en';
  const wanted = (event: MouseEvent, name: ViewName): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = Object.fromEntries(new URLSearchParams(searchOfView(search, name)));
    const gone = Object.fromEntries([...new URLSearchParams(search).keys()].map((key) => [key, undefined]));
    go({ ...gone, ...next });
  };
  return (
    <header>
      <p class="brand"><Mark /><span>Tidewaiter</span> <abbr title={t('page.profile', { profile: session.profile.id })}>{session.profile.id}</abbr></p>
      <nav aria-label={t('page.views')}>
        {allowedViews(session.permissions).map(({ name }) => <a key={name} href={searchOfView(search, name)} aria-current={name === view ? 'page' : undefined} onClick={(event) => wanted(event, name)}>{t(`view.${name}`)}</a>)}
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
  const { t, clock, announce, live, session } = usePage();
  const [arrivedAtMs, setArrivedAtMs] = useState<number>();
  const [state, setState] = useState<LiveState>('connecting');
  const nowMs = useNowMs(1_000);
  const arrived = (): void => setArrivedAtMs(Date.now());
  useLive('now', arrived);
  useLive('status', arrived);
  useEffect(() => live.onState(setState), [live]);
  const fresh = freshness(arrivedAtMs, nowMs, limits);
  const stale = fresh === 'stale' || state === 'lost';
  useEffect(() => { if (stale) announce(t('live.staleSpoken')); }, [stale]);
  const label = stale ? t(state === 'lost' ? 'live.lost' : 'live.stale') : t(fresh === 'never' ? 'live.connecting' : 'live.live');
  return (
    <p class={`freshness ${stale ? 'bad' : fresh === 'live' ? 'good' : ''}`} title={t('page.timeZone', { timeZone: session.profile.timeZone })}>
      <Shape name={stale ? 'warning' : 'live'} /><strong>{label}</strong>
      <span>{arrivedAtMs === undefined ? '' : t('live.updated', { time: clock(new Date(arrivedAtMs).toISOString()) })} <span class="zone">{session.profile.timeZone}</span></span>
    </p>
  );
}
