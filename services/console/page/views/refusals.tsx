/** What was refused, why, and sending it again once the cause is gone. */
import { useState } from 'preact/hooks';
import { useAsked, usePage } from '../context';
import type { Reject, RejectCount, RejectPage } from '../contract';
import { limits } from '../limits';
import { Problem } from '../parts/problem';
import { Redrive } from '../parts/redrive';
import { Reload } from '../parts/reload';
import { RejectPanel } from '../parts/reject-panel';
import { ask } from '../server';

function listQuery(search: string, before?: string): string {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams({ limit: String(limits.queuePage) });
  for (const name of ['stage', 'code']) if (asked.get(name)) query.set(name, asked.get(name) as string);
  if (before !== undefined) query.set('before', before);
  return `/rejects?${query.toString()}`;
}

export function RefusalsView() {
  const { t, search, go, can } = usePage();
  const asked = useAsked<RejectPage>(listQuery(search));
  const [selected, setSelected] = useState<readonly string[]>([]);
  const parameters = new URLSearchParams(search);
  const chosen = parameters.get('reject') ?? undefined;
  const [stage, code] = [parameters.get('stage') ?? undefined, parameters.get('code') ?? undefined];
  const page = asked.answer;
  const more = async (): Promise<void> => {
    if (!page?.next) return;
    const next = await ask<RejectPage>(listQuery(search, page.next));
    asked.replace({ ...next, rejects: [...page.rejects, ...next.rejects] });
  };
  return (
    <div class="refusals">
      <div class="title-row"><h1>{t('view.refusals')}</h1><Reload asked={asked} /></div>
      {asked.failure && <Problem failure={asked.failure} onAgain={asked.again} />}
      {page && <CodeCounts counts={page.counts} stage={stage} code={code} />}
      {page && can('redrive') && (selected.length > 0 || (stage !== undefined && code !== undefined)) && (
        <Redrive key={`${stage} ${code} ${selected.join(' ')}`} what={selected.length > 0 ? { rejectIds: selected } : { stage: stage as string, code: code as string }} onSent={() => { setSelected([]); asked.again(); }} />
      )}
      <div class={chosen === undefined ? 'split' : 'split open'}>
        {page && <RejectTable page={page} chosen={chosen} selected={selected} onSelected={setSelected} onMore={() => { void more().catch(asked.again); }} />}
        {chosen !== undefined && <RejectPanel key={chosen} rejectId={chosen} onClose={() => go({ reject: undefined })} />}
      </div>
    </div>
  );
}

function CodeCounts({ counts, stage, code }: { readonly counts: readonly RejectCount[]; readonly stage: string | undefined; readonly code: string | undefined }) {
  const { t, word, count, go } = usePage();
  const [all, setAll] = useState(false);
  if (counts.length === 0) return <p class="empty">{t('refusals.none')}</p>;
  const isChosen = (entry: RejectCount): boolean => entry.stage === stage && entry.code === code;
  const shown = counts.filter((entry, place) => all || place < limits.codesShown || isChosen(entry));
  return (
    <section class="codes" aria-labelledby="codes-title">
      <h2 id="codes-title">{t('refusals.byCode')}</h2>
      <ul>
        {shown.map((entry) => {
          const chosen = isChosen(entry);
          return (
            <li key={`${entry.stage} ${entry.code}`}>
              <button type="button" aria-pressed={chosen} onClick={() => go(chosen ? { stage: undefined, code: undefined, reject: undefined } : { stage: entry.stage, code: entry.code, reject: undefined })}>
                <strong class="number">{count(entry.count)}</strong> <code>{entry.code}</code> <span class="quiet">{word('stage', entry.stage)}</span>
              </button>
            </li>
          );
        })}
        {shown.length < counts.length && <li><button type="button" class="quiet" onClick={() => setAll(true)}>{t('refusals.allCodes', { count: count(counts.length) })}</button></li>}
      </ul>
    </section>
  );
}

interface RejectTableProps { readonly page: RejectPage; readonly chosen: string | undefined; readonly selected: readonly string[]; readonly onSelected: (selected: readonly string[]) => void; readonly onMore: () => void }

function RejectTable({ page: { rejects, next }, chosen, selected, onSelected, onMore }: RejectTableProps) {
  const { t, can } = usePage();
  const selectable = can('redrive');
  const all = rejects.length > 0 && rejects.every(({ rejectId }) => selected.includes(rejectId));
  return (
    <div class="scroll queue" tabIndex={0} role="region" aria-label={t('refusals.list')}>
      <table>
        <caption class="unseen">{t('refusals.list')}</caption>
        <thead><tr>
          {selectable && <td><input type="checkbox" aria-label={t('refusals.selectAll')} checked={all} onChange={() => onSelected(all ? [] : rejects.map(({ rejectId }) => rejectId))} /></td>}
          <th scope="col">{t('refusals.code')}</th><th scope="col">{t('refusals.message')}</th><th scope="col">{t('refusals.stage')}</th><th scope="col">{t('tail.declaration')}</th><th scope="col">{t('refusals.arrived')}</th><th scope="col" class="number">{t('refusals.position')}</th>
        </tr></thead>
        <tbody>{rejects.map((reject) => (
          <RejectLine key={reject.rejectId} reject={reject} chosen={reject.rejectId === chosen} selected={selectable ? selected.includes(reject.rejectId) : undefined}
            onSelect={(wanted) => onSelected(wanted ? [...selected, reject.rejectId] : selected.filter((id) => id !== reject.rejectId))} />
        ))}</tbody>
      </table>
      {next !== null && <p><button type="button" onClick={onMore}>{t('page.more')}</button></p>}
    </div>
  );
}

interface RejectLineProps { readonly reject: Reject; readonly chosen: boolean; readonly selected: boolean | undefined; readonly onSelect: (wanted: boolean) => void }

function RejectLine({ reject, chosen, selected, onSelect }: RejectLineProps) {
  const { t, word, moment, go } = usePage();
  return (
    <tr class={chosen ? 'chosen' : undefined}>
      {selected !== undefined && <td><input type="checkbox" aria-label={t('refusals.select', { name: reject.declarationId || reject.rejectId })} checked={selected} onChange={(event) => onSelect(event.currentTarget.checked)} /></td>}
      <th scope="row"><button type="button" class="value" aria-expanded={chosen} onClick={() => go({ reject: reject.rejectId })}><code>{reject.code}</code></button>{reject.codes.length > 1 && <span class="quiet"> +{reject.codes.length - 1}</span>}</th>
      <td class="message"><span class="clamped" title={reject.message}>{reject.message}</span></td>
      <td>{word('stage', reject.stage)}</td>
      <td>{reject.declarationId || <span class="quiet">{t(reject.declarationId === undefined ? 'refusals.unreadable' : 'refusals.withoutId')}</span>}</td>
      <td class="when">{moment(reject.at)}</td>
      <td class="number">{reject.partition}:{reject.offset}</td>
    </tr>
  );
}
