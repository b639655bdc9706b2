/** One case: what was found, what is usual, what others decided, and what you decide. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { asRefusal, useAsked, usePage } from '../context';
import type { Alert, AlertDetail, Decision, DecisionState } from '../contract';
import { limits } from '../limits';
import { ask, type Refusal } from '../server';
import { DecisionBadge, LevelBadge } from './badge';
import { Problem } from './problem';
import { Usual } from './usual-trade';

interface PanelProps { readonly alertId: string; readonly onDecided: () => void; readonly onClose: () => void }

export function AlertPanel({ alertId, onDecided, onClose }: PanelProps) {
  const { t, can } = usePage();
  const { answer, failure, again } = useAsked<AlertDetail>(`/alerts/${encodeURIComponent(alertId)}`);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => { title.current?.focus(); }, [answer?.alert.alertId]);
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <div class="title-row">
        <h2 id="panel-title" tabIndex={-1} ref={title}>{answer?.alert.substance ?? t('page.loading')}</h2>
        <button type="button" onClick={onClose}>{t('page.close')}</button>
      </div>
      {failure && <Problem failure={failure} onAgain={again} />}
      {answer && <Found alert={answer.alert} />}
      {answer && <Usual declared={answer.declared} usual={answer.usual} list={answer.alert.listId} />}
      {answer && <History decisions={answer.decisions} />}
      {answer && can('decide:alerts') && <Decide alertId={alertId} onDecided={() => { again(); onDecided(); }} />}
    </aside>
  );
}

function Found({ alert }: { readonly alert: Alert }) {
  const { t, word, moment, valueName } = usePage();
  return (
    <>
      <p class="line"><LevelBadge level={alert.level} /><span>{alert.listId} {alert.rowId}, {t('alerts.listVersion', { version: alert.listVersion })}</span>{alert.lookBack && <strong>{t('alerts.lookBack')}</strong>}</p>
      <p>{alert.explanation}</p>
      <h3>{t('alerts.evidence')}</h3>
      <ul class="evidence">{alert.evidence.map((kind) => <li key={kind}><code>{kind}</code> {word('evidence', kind)}</li>)}</ul>
      <dl>
        <dt>{t('tail.declaration')}</dt><dd>{t('alerts.item', { declaration: alert.declarationId, version: alert.version, item: alert.itemNumber })}</dd>
        <dt>{t('alerts.at')}</dt><dd>{moment(alert.at)}</dd>
        <dt>{t('dimension.office')}</dt><dd>{alert.office}</dd>
        <dt>{t('dimension.flow')}</dt><dd>{word('flow', alert.flow)} · {alert.partner} {valueName('partner', alert.partner) ?? ''}</dd>
      </dl>
    </>
  );
}

function History({ decisions }: { readonly decisions: readonly Decision[] }) {
  const { t, moment } = usePage();
  return (
    <>
      <h3>{t('alerts.history')}</h3>
      {decisions.length === 0
        ? <p class="quiet">{t('alerts.undecided')}</p>
        : <ol class="history">{decisions.map(({ state, reason, by, at }) => <li key={at}><DecisionBadge state={state} /> {reason} <span class="quiet small">{by}, {moment(at)}</span></li>)}</ol>}
    </>
  );
}

function Decide({ alertId, onDecided }: { readonly alertId: string; readonly onDecided: () => void }) {
  const { t, word, announce } = usePage();
  const [state, setState] = useState<DecisionState>('held');
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    ask(`/alerts/${encodeURIComponent(alertId)}/decisions`, { method: 'POST', body: { state, reason: reason.trim() } }).then(
      () => { setReason(''); setFailure(undefined); announce(t('alerts.decided')); onDecided(); },
      (problem: unknown) => setFailure(asRefusal(problem)),
    ).finally(() => setBusy(false));
  };
  return (
    <form class="decide" onSubmit={submit}>
      <fieldset>
        <legend>{t('alerts.decide')}</legend>
        {(['held', 'cleared', 'open'] as const).map((name) => <label key={name}><input type="radio" name="state" checked={state === name} onChange={() => setState(name)} /> {word('decide', name)}</label>)}
      </fieldset>
      <label for="reason">{t('alerts.reason')}</label>
      <textarea id="reason" required rows={3} maxLength={limits.reasonCharacters} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      {failure && <Problem failure={failure} />}
      <button class="primary" type="submit" disabled={busy || reason.trim() === ''}>{t('alerts.submit')}</button>
    </form>
  );
}
