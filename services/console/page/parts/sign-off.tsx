/** Signing a month off: why it can or cannot be done, one deliberate step more, and how far it is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { asRefusal, usePage } from '../context';
import type { MonthDetail } from '../contract';
import { limits } from '../limits';
import { ask, type Refusal } from '../server';
import { Shape } from './icons';

interface SignOffProps { readonly month: MonthDetail; /** Progress may be there to be seen. */ readonly onLook: () => void; readonly onEnd: () => void }

export function SignOff({ month, onLook, onEnd }: SignOffProps) {
  const { t, can, announce, month: named } = usePage();
  const [step, setStep] = useState<'offered' | 'confirming' | 'running'>('offered');
  const [failure, setFailure] = useState<Refusal>();
  const sign = (): void => {
    setStep('running');
    setFailure(undefined);
    ask(`/periods/${month.period}/closing`, { method: 'POST', body: {} }).then(
      () => announce(t('closing.done', { month: named(month.period) })),
      (problem: unknown) => { setFailure(asRefusal(problem)); setStep('offered'); },
    ).finally(onEnd);
  };
  if (step === 'running' || month.progress) return <Running month={month} onLook={onLook} />;
  return (
    <section class="decide" aria-labelledby="closing-title">
      <h3 id="closing-title">{t('closing.title')}</h3>
      {failure && <NotDone failure={failure} />}
      {failure?.code !== 'contradictory' && <p class={`note ${month.hindrance === null ? 'good' : ''}`}><Shape name={month.hindrance === null ? 'good' : 'neutral'} />{month.hindrance === null ? t('closing.may') : t(`closing.${month.hindrance.reason}`)}</p>}
      {month.hindrance === null && !can('close:period') && <p class="quiet">{t('closing.notAllowed')}</p>}
      {month.hindrance === null && can('close:period') && step === 'offered' && <button type="button" onClick={() => setStep('confirming')}>{t('closing.begin', { month: named(month.period) })}</button>}
      {month.hindrance === null && step === 'confirming' && <Confirm period={month.period} onSign={sign} onCancel={() => setStep('offered')} />}
    </section>
  );
}

function Confirm({ period, onSign, onCancel }: { readonly period: string; readonly onSign: () => void; readonly onCancel: () => void }) {
  const { t, session, month } = usePage();
  const [looked, setLooked] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => { first.current?.focus(); }, []);
  return (
    <form class="confirm" onSubmit={(event) => { event.preventDefault(); onSign(); }}>
      <p>{t('closing.asWho')} <strong>{session.name}</strong>. {t('closing.forGood')}</p>
      <p class="quiet">{t('closing.checked')}</p>
      <label><input type="checkbox" ref={first} checked={looked} onChange={(event) => setLooked(event.currentTarget.checked)} /> {t('closing.confirm', { month: month(period) })}</label>
      <p class="tools">
        <button class="primary" type="submit" disabled={!looked}>{t('closing.sign', { month: month(period) })}</button>
        <button type="button" onClick={onCancel}>{t('closing.cancel')}</button>
      </p>
    </form>
  );
}

function Running({ month, onLook }: { readonly month: MonthDetail; readonly onLook: () => void }) {
  const { t, count } = usePage();
  const { progress } = month;
  /** Behind each answer: a look ends the one before it, and a server that is slower than that would never be heard. */
  useEffect(() => {
    const timer = setTimeout(onLook, limits.closingLookMs);
    return () => clearTimeout(timer);
  }, [month]);
  const text = progress === null || progress.total === 0 ? t('closing.copying') : t('closing.progress', { name: progress.by, done: count(progress.done), total: count(progress.total) });
  return (
    <section class="decide" aria-labelledby="closing-title">
      <h3 id="closing-title">{t('closing.title')}</h3>
      <p role="status">{text}</p>
      <progress aria-label={t('closing.title')} {...(progress === null || progress.total === 0 ? {} : { value: progress.done, max: progress.total })} />
    </section>
  );
}

/** What the server says no to is not done; of what was cut off nobody knows yet. */
function NotDone({ failure: { status, code, message } }: { readonly failure: Refusal }) {
  const { t } = usePage();
  const refused = status === 409 || status === 403;
  return (
    <div class="problem" role="alert">
      <p><strong>{t(refused ? 'closing.notDone' : 'closing.unsure')}</strong>{code === 'contradictory' ? ` ${t('closing.contradictions')}` : ''}</p>
      {status !== 0 && <pre>{message}</pre>}
    </div>
  );
}
