import { useEffect, useState } from 'preact/hooks';
import { asRefusal, useWords } from './context';
import type { Session, SessionOptions } from './contract';
import { Mark } from './parts/icons';
import { ask, signIn, type Refusal } from './server';
import { languages, locales, type Language } from './texts';

interface SignInProps { readonly refusal: Refusal | undefined; readonly onSession: (session: Session) => void; readonly onLanguage: (language: Language) => void }

export function SignIn({ refusal, onSession, onLanguage }: SignInProps) {
  const { t, language } = useWords();
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState(refusal);
  const [busy, setBusy] = useState(false);
  const [options, setOptions] = useState<SessionOptions>();
  useEffect(() => { ask<SessionOptions>('/session/options').then(setOptions, () => undefined); }, []);
  useEffect(() => { document.title = `${t('signin.title')} · Tidewaiter`; }, [t]);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    signIn(token.trim()).then(onSession, (problem: unknown) => { setFailure(asRefusal(problem)); setBusy(false); });
  };
  return (
    <main class="signin">
      <form onSubmit={submit} aria-labelledby="signin-title">
        <Mark />
        <h1 id="signin-title">Tidewaiter</h1>
        <p class="quiet">{t('signin.subtitle')}</p>
        <label for="token">{t('signin.token')}</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus value={token} aria-describedby="token-help" aria-invalid={failure !== undefined} onInput={(event) => setToken(event.currentTarget.value)} />
        <p id="token-help" class="quiet small">{t('signin.help')}</p>
        {failure && <p class="problem" role="alert">{t(failure.status === 0 ? 'page.unreachable' : failure.status === 429 ? 'signin.tooOften' : 'signin.refused')}</p>}
        <button class="primary" type="submit" disabled={busy}>{t('signin.submit')}</button>
        {options?.oidc && <a class="button" href="/api/v1/oidc/start">{t('signin.oidc')}</a>}
        <p class="languages">{languages.map((name) => <button key={name} type="button" lang={name} aria-pressed={name === language} onClick={() => onLanguage(name)}>{new Intl.DisplayNames([locales[name]], { type: 'language' }).of(name)}</button>)}</p>
      </form>
    </main>
  );
}
