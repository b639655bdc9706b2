/** Who is here, and which language and place: sign-in or the page. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { momentsIn, WordsContext, wordsIn } from './context';
import type { Session } from './contract';
import { Live } from './live';
import { tokenOf, withChanges, type Changes } from './place';
import { Refusal, currentSession, onSignedOut, signIn, signOut } from './server';
import { Shell } from './shell';
import { SignIn } from './sign-in';
import { languages, type Language } from './texts';
import { useTheme } from './theme';

type Who = { readonly state: 'asking' } | { readonly state: 'away' } | { readonly state: 'nobody'; readonly refusal?: Refusal } | { readonly state: 'here'; readonly session: Session };

function languageOf(search: string): Language {
  const asked = new URLSearchParams(search).get('lang') ?? localStorage.getItem('language') ?? navigator.language.slice(0, 2);
  return languages.find((language) => language === asked) ?? 'en';
}

/** The address as state: `go` writes it, the back button reads it. */
function useAddress(): readonly [string, (changes: Changes, how?: 'push' | 'replace') => void] {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const read = (): void => setSearch(location.search);
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const go = useCallback((changes: Changes, how: 'push' | 'replace' = 'push') => {
    const next = withChanges(location.search, changes);
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', `${location.pathname}${next}`);
    setSearch(next);
  }, []);
  return [search, go];
}

function useSession(): readonly [Who, (who: Who) => void] {
  const [who, setWho] = useState<Who>({ state: 'asking' });
  useEffect(() => {
    onSignedOut(() => setWho({ state: 'nobody' }));
    const token = tokenOf(location.hash);
    if (token !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
    const asked = token === undefined ? currentSession() : signIn(token);
    asked.then(
      (session) => setWho(session ? { state: 'here', session } : { state: 'nobody' }),
      (failure: unknown) => setWho(failure instanceof Refusal ? { state: 'nobody', refusal: failure } : { state: 'away' }),
    );
  }, []);
  return [who, setWho];
}

export function App() {
  const [search, go] = useAddress();
  const [who, setWho] = useSession();
  const theme = useTheme();
  const language = languageOf(search);
  const words = useMemo(() => wordsIn(language), [language]);
  const live = useMemo(() => new Live(() => { currentSession().then((session) => { if (!session) setWho({ state: 'nobody' }); }, () => undefined); }), [setWho]);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem('language', language);
  }, [language]);
  useEffect(() => { if (who.state !== 'here') live.close(); }, [who, live]);
  const leave = (): void => { void signOut().catch(() => undefined).then(() => setWho({ state: 'nobody' })); };
  return (
    <WordsContext.Provider value={words}>
      {who.state === 'asking' && <p class="waiting" role="status">{words.t('page.loading')}</p>}
      {who.state === 'away' && <p class="waiting" role="alert">{words.t('page.unreachable')}</p>}
      {who.state === 'nobody' && <SignIn refusal={who.refusal} onSession={(session) => setWho({ state: 'here', session })} onLanguage={(lang) => go({ lang }, 'replace')} />}
      {who.state === 'here' && <Shell page={{ ...words, ...momentsIn(language, who.session.profile.timeZone), session: who.session, search, go, live, dark: theme.dark, can: (permission) => who.session.permissions.includes(permission) }} theme={theme} onLeave={leave} />}
    </WordsContext.Provider>
  );
}
