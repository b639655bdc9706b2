/** How long figures stand still after a fault, and how soon a new owner goes on once it was given its partitions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../../services/shell/project-root';
import type { RunningSystem } from '../support/running-system';
import type { FromWatcher, ToWatcher } from './recovery-watcher';

/** To the first record that arrived after the blow; from a new owner's assignment to the first record that it applied. Undefined: nothing came after the blow, or no partition was given to anybody anew. */
export interface Recovery { readonly fromFaultMs: number | undefined; readonly fromAssignmentMs: number | undefined }

export class RecoveryWatch {
  private constructor(private readonly system: RunningSystem, private readonly watcher: Worker) {}

  static async ready(system: RunningSystem): Promise<RecoveryWatch> {
    const plain = Object.fromEntries(Object.entries(system.environment).filter(([name]) => name.startsWith('TIDEWAITER_')));
    const watch = new RecoveryWatch(system, new Worker(join(projectRoot(), 'dist/test/faults/recovery-watcher.js'), { workerData: plain }));
    await watch.said('ready');
    return watch;
  }

  /** The blow comes when this returns. */
  async strike(): Promise<void> {
    const struck = this.said('struck');
    this.watcher.postMessage('strike' satisfies ToWatcher);
    await struck;
  }

  /** Asked when everything is through. */
  async measured(): Promise<Recovery> {
    const over = this.said('over');
    this.watcher.postMessage('end' satisfies ToWatcher);
    const { struckMs, appliedMs, movedMs = [] } = await over;
    if (struckMs === undefined || appliedMs === undefined) return { fromFaultMs: undefined, fromAssignmentMs: undefined };
    const assignedMs = assignments(this.system.home).filter((at) => at >= struckMs && at <= appliedMs).at(-1);
    const goesOnMs = assignedMs === undefined ? undefined : movedMs.find((at) => at >= assignedMs);
    return { fromFaultMs: appliedMs - struckMs, fromAssignmentMs: assignedMs === undefined || goesOnMs === undefined ? undefined : goesOnMs - assignedMs };
  }

  /** Of a round that failed. */
  async end(): Promise<void> { await this.watcher.terminate(); }

  private said(what: FromWatcher['said']): Promise<FromWatcher> {
    return new Promise((resolve, reject) => {
      const { watcher } = this;
      const hear = (answer: FromWatcher): void => {
        if (answer.said !== what) return;
        watcher.off('message', hear);
        watcher.off('error', reject);
        resolve(answer);
      };
      watcher.on('message', hear);
      watcher.once('error', reject);
    });
  }
}

/** When members of the group that counts were given partitions, by their logs, in order. */
export function assignments(home: string): number[] {
  const folder = join(home, 'logs');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('aggregate')) : [];
  const moments = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line.includes('"partitions assigned"')));
  return moments.map((line) => Date.parse((JSON.parse(line) as { time: string }).time)).sort((a, b) => a - b);
}
