import { useWords } from '../context';
import type { Refusal } from '../server';

/** What the server would not answer, in its own words, and what is to be done. */
export function Problem({ failure, onAgain }: { readonly failure: Refusal; readonly onAgain?: () => void }) {
  const { t } = useWords();
  const title = failure.status === 0 ? t('problem.unreachable') : failure.status === 422 ? t('problem.refused') : failure.status === 429 ? t('problem.tooOften') : failure.status === 403 ? t('problem.forbidden') : failure.status === 503 ? t('problem.unavailable') : t('problem.failed');
  return (
    <div class="problem" role="alert">
      <p><strong>{title}</strong></p>
      {failure.status !== 0 && failure.message !== '' && <pre>{failure.message}</pre>}
      {onAgain && <button type="button" onClick={onAgain}>{t('problem.again')}</button>}
    </div>
  );
}
