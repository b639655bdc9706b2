/** One refusal: its codes, where it lies in the log, and what was sent: decoded, or the bytes and why not. */
import { useEffect, useRef } from 'preact/hooks';
import { useAsked, usePage } from '../context';
import type { RejectDetail } from '../contract';
import { Problem } from './problem';

export function RejectPanel({ rejectId, onClose }: { readonly rejectId: string; readonly onClose: () => void }) {
  const { t, word, moment } = usePage();
  const { answer, failure, again } = useAsked<RejectDetail>(`/rejects/${encodeURIComponent(rejectId)}`);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => { title.current?.focus(); }, [answer?.reject.rejectId]);
  const reject = answer?.reject;
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <div class="title-row">
        <h2 id="panel-title" tabIndex={-1} ref={title}>{reject?.code ?? t('page.loading')}</h2>
        <button type="button" onClick={onClose}>{t('page.close')}</button>
      </div>
      {failure && <Problem failure={failure} onAgain={again} />}
      {reject && (
        <>
          <p>{reject.message}</p>
          <dl>
            <dt>{t('refusals.codes')}</dt><dd>{reject.codes.join(', ')}</dd>
            <dt>{t('refusals.stage')}</dt><dd>{word('stage', reject.stage)}</dd>
            <dt>{t('refusals.arrived')}</dt><dd>{moment(reject.at)}</dd>
            <dt>{t('refusals.position')}</dt><dd><code>{reject.topic}/{reject.partition}/{reject.offset}</code></dd>
            <dt>{t('refusals.id')}</dt><dd><code>{reject.rejectId}</code></dd>
          </dl>
          <h3>{t('refusals.content')}</h3>
          <Content content={answer.content} />
        </>
      )}
    </aside>
  );
}

function Content({ content }: { readonly content: unknown }) {
  const { t } = usePage();
  const bytes = content as { readonly hex?: string; readonly reason?: string } | null;
  const text = typeof bytes?.hex === 'string' ? bytes.hex.replace(/(..)/g, '$1 ').trim() : JSON.stringify(content, null, 2);
  return (
    <>
      {typeof bytes?.reason === 'string' && <p class="note warning">{bytes.reason}</p>}
      <pre class="content" tabIndex={0}>{text}</pre>
      <button type="button" onClick={() => { void navigator.clipboard.writeText(text); }}>{t('refusals.copy')}</button>
    </>
  );
}
