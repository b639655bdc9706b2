/** Runs the look-back for a command, with a bar, and says what it found. */
import type { PrecursorAlert } from '../domain/declaration';
import { runLookBack, type PastDeclarations } from '../look-back/run-look-back';
import type { ReferenceSet } from '../reference/types';
import { CountProgress } from './count-progress';
import type { Neighbours } from './neighbours';
import { say } from './output';

/** `past`: where the declarations come from, unless it is the counted topic. */
export async function screenPast(neighbours: Neighbours, reference: ReferenceSet, sinceMs: number, lists?: ReadonlySet<string>, past?: PastDeclarations): Promise<readonly PrecursorAlert[]> {
  let progress: CountProgress | undefined;
  const onProgress = (read: number, total: number): void => { (progress ??= new CountProgress(total, 'records')).update(read); };
  const { declarations, alerts, unreadable } = await runLookBack(
    { log: await neighbours.log(), schemas: await neighbours.registry(), partitions: neighbours.config.TIDEWAITER_PARTITIONS, onProgress, ...(past ? { past } : {}) },
    { reference, listsAtMs: Date.now(), sinceMs, lists },
  );
  progress?.stop();
  if (unreadable > 0) say(`${unreadable} records could not be read and were not screened`);
  say(`${declarations} declarations screened, ${alerts.length} new alerts`);
  return alerts;
}
