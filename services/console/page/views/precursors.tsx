/** What may become a drug or a bomb: a queue to be worked off, and the reasons beside each case. */
import { useState } from 'preact/hooks';
import { useAsked, useLive, usePage } from '../context';
import type { Alert, AlertPage, DecisionState } from '../contract';
import { AlertPanel } from '../parts/alert-panel';
import { DecisionBadge, LevelBadge } from '../parts/badge';
import { Problem } from '../parts/problem';
import { ask } from '../server';
import { limits } from '../limits';

const filters = ['level', 'list', 'substance', 'office', 'state'] as const;
const states: readonly DecisionState[] = ['open', 'held', 'cleared'];

function queueQuery(search: string, before?: string): string {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams({ limit: String(limits.queuePage) });
  for (const name of filters) {
    const value = asked.get(name) ?? (name === 'state' ? 'open' : '');
    if (value !== '' && value !== 'all') query.set(name, value);
  }
  if (before !== undefined) query.set('before', before);
  return `/alerts?${query.toString()}`;
}

export function PrecursorsView() {
  const { count, t, search, go, announce } = usePage();
  const asked = useAsked<AlertPage>(queueQuery(search));
  const [fresh, setFresh] = useState(0);
  useLive<Alert>('alert', (alert) => {
    setFresh((before) => before + 1);
    announce(t('alerts.newSpoken', { substance: alert.substance, level: alert.level }));
  });
  const again = (): void => { setFresh(0); asked.again(); };
  const chosen = new URLSearchParams(search).get('alert') ?? undefined;
  const more = async (): Promise<void> => {
    const page = asked.answer;
    if (!page?.next) return;
    const next = await ask<AlertPage>(queueQuery(search, page.next));
    asked.replace({ ...next, alerts: [...page.alerts, ...next.alerts] });
  };
  return (
    <div class="precursors">
      <h1>{t('view.precursors')}</h1>
      <QueueChoices counts={asked.answer?.counts} />
      {(asked.answer?.forgotten ?? 0) > 0 && <p class="note">{t('alerts.forgotten', { count: count(asked.answer?.forgotten ?? 0) })}</p>}
      {fresh > 0 && <p><button type="button" class="primary" onClick={again}>{t('alerts.showNew', { count: fresh })}</button></p>}
      {asked.failure && <Problem failure={asked.failure} onAgain={again} />}
      <div class={chosen === undefined ? 'split' : 'split open'}>
        {asked.answer && <Queue page={asked.answer} chosen={chosen} onMore={() => { void more().catch(asked.again); }} />}
        {chosen !== undefined && <AlertPanel key={chosen} alertId={chosen} onDecided={again} onClose={() => go({ alert: undefined })} />}
      </div>
    </div>
  );
}

function QueueChoices({ counts }: { readonly counts: AlertPage['counts'] | undefined }) {
  const { t, search, go, word, count } = usePage();
  const asked = new URLSearchParams(search);
  const state = asked.get('state') ?? 'open';
  return (
    <section class="choices" aria-label={t('alerts.choices')}>
      <span class="segments" role="group" aria-label={t('alerts.state')}>
        {[...states, 'all'].map((name) => <button key={name} type="button" aria-pressed={state === name} onClick={() => go({ state: name, alert: undefined })}>{word('decision', name)}{name !== 'all' && counts ? ` (${count(counts[name as DecisionState])})` : ''}</button>)}
      </span>
      <label><span>{t('dimension.level')}</span> <select value={asked.get('level') ?? ''} onChange={(event) => go({ level: event.currentTarget.value })}><option value="">{t('alerts.any')}</option>{[5, 4, 3].map((level) => <option key={level} value={level}>{level}</option>)}</select></label>
      {(['list', 'substance', 'office'] as const).map((name) => <TextFilter key={name} name={name} value={asked.get(name) ?? ''} />)}
    </section>
  );
}

function TextFilter({ name, value }: { readonly name: 'list' | 'substance' | 'office'; readonly value: string }) {
  const { t, go } = usePage();
  return <label><span>{t(`dimension.${name}`)}</span> <input value={value} size={14} onChange={(event) => go({ [name]: event.currentTarget.value.trim() })} /></label>;
}

interface QueueProps { readonly page: AlertPage; readonly chosen: string | undefined; readonly onMore: () => void }

function Queue({ page: { alerts, next }, chosen, onMore }: QueueProps) {
  const { t } = usePage();
  if (alerts.length === 0) return <p class="empty">{t('alerts.none')}</p>;
  return (
    <div class="scroll queue" tabIndex={0} role="region" aria-label={t('alerts.queue')}>
      <table>
        <caption class="unseen">{t('alerts.queue')}</caption>
        <thead><tr>
          <th scope="col">{t('dimension.level')}</th><th scope="col">{t('dimension.substance')}</th><th scope="col">{t('alerts.at')}</th><th scope="col">{t('dimension.office')}</th>
          <th scope="col">{t('dimension.flow')}</th><th scope="col">{t('dimension.list')}</th><th scope="col">{t('tail.declaration')}</th><th scope="col">{t('alerts.decision')}</th>
        </tr></thead>
        <tbody>{alerts.map((alert) => <QueueLine key={alert.alertId} alert={alert} chosen={alert.alertId === chosen} />)}</tbody>
      </table>
      {next !== null && <p><button type="button" onClick={onMore}>{t('page.more')}</button></p>}
    </div>
  );
}

function QueueLine({ alert, chosen }: { readonly alert: Alert; readonly chosen: boolean }) {
  const { moment, word, valueName, go } = usePage();
  return (
    <tr class={chosen ? 'chosen' : undefined}>
      <td><LevelBadge level={alert.level} /></td>
      <th scope="row"><button type="button" class="value" aria-expanded={chosen} onClick={() => go({ alert: alert.alertId })}>{alert.substance}</button></th>
      <td class="when">{moment(alert.at)}</td>
      <td>{alert.office}</td>
      <td>{word('flow', alert.flow)} <span title={valueName('partner', alert.partner)}>{alert.partner}</span></td>
      <td>{alert.listId} <span class="quiet">{alert.rowId}</span></td>
      <td>{alert.declarationId} <span class="quiet">/{alert.itemNumber}</span></td>
      <td><DecisionBadge state={alert.decision?.state ?? 'open'} /></td>
    </tr>
  );
}
