/** Sends refused records again: first what would happen, then only for who types how many. */
import { useState } from 'preact/hooks';
import { asRefusal, usePage } from '../context';
import type { RedriveAnswer } from '../contract';
import { ask, type Refusal } from '../server';
import { Problem } from './problem';

type What = { readonly rejectIds: readonly string[] } | { readonly stage: string; readonly code: string };

export function Redrive({ what, onSent }: { readonly what: What; readonly onSent: () => void }) {
  const { t, count, word, announce } = usePage();
  const [preview, setPreview] = useState<RedriveAnswer>();
  const [done, setDone] = useState<RedriveAnswer>();
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const send = (dryRun: boolean): void => {
    setBusy(true);
    ask<RedriveAnswer>('/rejects/redrive', { method: 'POST', body: { ...what, dryRun } }).then(
      (answer) => { setFailure(undefined); if (dryRun) setPreview(answer); else { setDone(answer); setPreview(undefined); announce(t('redrive.sent', { count: answer.sent })); } },
      (problem: unknown) => setFailure(asRefusal(problem)),
    ).finally(() => setBusy(false));
  };
  const title = 'rejectIds' in what ? t('redrive.selected', { count: count(what.rejectIds.length) }) : t('redrive.ofCode', { code: what.code, stage: word('stage', what.stage) });
  return (
    <section class="redrive" aria-labelledby="redrive-title">
      <h2 id="redrive-title">{title}</h2>
      {failure && <Problem failure={failure} />}
      {!preview && !done && <button type="button" disabled={busy} onClick={() => send(true)}>{t('redrive.preview')}</button>}
      {preview && (
        <form onSubmit={(event) => { event.preventDefault(); send(false); }}>
          <p role="status">{t('redrive.would', { count: count(preview.selected), skipped: count(preview.skipped.length) })}</p>
          <Listed title={t('redrive.sample')} entries={preview.sample} />
          <Listed title={t('redrive.skipped')} entries={preview.skipped} />
          {preview.selected > 0 && <label for="typed">{t('redrive.type', { count: preview.selected })} <input id="typed" inputMode="numeric" autocomplete="off" size={8} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} /></label>}
          <button class="primary" type="submit" disabled={busy || preview.selected === 0 || typed.trim() !== String(preview.selected)}>{t('redrive.send')}</button>
        </form>
      )}
      {done && <p role="status">{t('redrive.sent', { count: count(done.sent) })} <button type="button" onClick={onSent}>{t('page.close')}</button></p>}
    </section>
  );
}

function Listed({ title, entries }: { readonly title: string; readonly entries: readonly unknown[] }) {
  if (entries.length === 0) return null;
  return <details><summary>{title} ({entries.length})</summary><ul class="small">{entries.map((entry) => { const text = typeof entry === 'string' ? entry : JSON.stringify(entry); return <li key={text}><code>{text}</code></li>; })}</ul></details>;
}
