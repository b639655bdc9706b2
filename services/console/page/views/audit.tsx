/** What people did here, and what they were not allowed to do: newest first. */
import { auditDetail } from '../audit-detail';
import { useAsked, usePage } from '../context';
import type { AuditEntry, AuditPage } from '../contract';
import { limits } from '../limits';
import { Badge, type Tone } from '../parts/badge';
import { Problem } from '../parts/problem';
import { Reload } from '../parts/reload';
import { ask } from '../server';

function auditQuery(search: string, before?: string): string {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams({ limit: String(limits.queuePage) });
  for (const name of ['action', 'by']) if (asked.get(name)) query.set(name, asked.get(name) as string);
  if (before !== undefined) query.set('before', before);
  return `/audit?${query.toString()}`;
}

/** Keys of the catalogue have no colon. */
const actKey = (action: string): string => action.replace(':', '-');

export function AuditView() {
  const { t, search } = usePage();
  const asked = useAsked<AuditPage>(auditQuery(search));
  const more = async (): Promise<void> => {
    const page = asked.answer;
    if (!page?.next) return;
    const next = await ask<AuditPage>(auditQuery(search, page.next));
    asked.replace({ ...next, audit: [...page.audit, ...next.audit] });
  };
  return (
    <div class="audit">
      <div class="title-row"><h1>{t('view.audit')}</h1><Reload asked={asked} /></div>
      <Choices actions={asked.answer?.actions ?? []} />
      {asked.failure && <Problem failure={asked.failure} onAgain={asked.again} />}
      {asked.answer && <Acts page={asked.answer} onMore={() => { void more().catch(asked.again); }} />}
    </div>
  );
}

function Choices({ actions }: { readonly actions: readonly string[] }) {
  const { t, word, search, go } = usePage();
  const asked = new URLSearchParams(search);
  const action = asked.get('action') ?? '';
  return (
    <section class="choices" aria-label={t('audit.choices')}>
      <label><span>{t('audit.action')}</span> <select value={action} onChange={(event) => go({ action: event.currentTarget.value })}>
        <option value="">{t('audit.anyAct')}</option>
        {[...new Set([...actions, ...(action === '' ? [] : [action])])].map((name) => <option key={name} value={name}>{nameOf(name, word)}</option>)}
      </select></label>
      <label><span>{t('audit.by')}</span> <input type="search" value={asked.get('by') ?? ''} size={18} onChange={(event) => go({ by: event.currentTarget.value.trim() })} /></label>
    </section>
  );
}

function Acts({ page: { audit, next }, onMore }: { readonly page: AuditPage; readonly onMore: () => void }) {
  const { t } = usePage();
  if (audit.length === 0) return <p class="empty">{t('audit.none')}</p>;
  return (
    <div class="scroll queue" tabIndex={0} role="region" aria-label={t('audit.list')}>
      <table>
        <caption class="unseen">{t('audit.list')}</caption>
        <thead><tr><th scope="col">{t('audit.at')}</th><th scope="col">{t('audit.by')}</th><th scope="col">{t('audit.action')}</th><th scope="col">{t('audit.outcome')}</th><th scope="col">{t('audit.subject')}</th></tr></thead>
        <tbody>{audit.map((entry) => <Act key={entry.auditId} entry={entry} />)}</tbody>
      </table>
      {next !== null && <p><button type="button" onClick={onMore}>{t('page.more')}</button></p>}
    </div>
  );
}

const tones: Readonly<Record<string, Tone>> = { done: 'good', refused: 'warning', failed: 'bad' };

function Act({ entry: { at, by, roles, action, subject, outcome, detail } }: { readonly entry: AuditEntry }) {
  const { t, word, moment, language } = usePage();
  return (
    <tr>
      <td class="when">{moment(at)}</td>
      <th scope="row" title={roles.join(', ')}>{by === '' ? <span class="quiet">{t('audit.nobody')}</span> : by}</th>
      <td>{nameOf(action, word)}</td>
      <td><Badge tone={tones[outcome] ?? 'neutral'}>{word('outcome', outcome)}</Badge></td>
      <td class="message"><code>{subject}</code>{detail !== '' && <span class="quiet"> {auditDetail(language, detail)}</span>}</td>
    </tr>
  );
}

/** An act that a later version added keeps its own name. */
function nameOf(action: string, word: (area: string, name: string) => string): string {
  const name = word('act', actKey(action));
  return name === actKey(action) ? action : name;
}
