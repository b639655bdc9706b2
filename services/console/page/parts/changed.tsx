import { useWords } from '../context';
import { Badge } from './badge';

/** Whether something has come to signed figures since; null: they were not compared. */
export function Changed({ changed }: { readonly changed: boolean | null }) {
  const { t } = useWords();
  if (changed === null) return <span class="quiet">{t('periods.notCompared')}</span>;
  return changed ? <Badge tone="warning">{t('periods.changed')}</Badge> : <Badge tone="good">{t('periods.unchanged')}</Badge>;
}
