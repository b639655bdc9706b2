/** Logs of processes that write to a file of their own: kept within a bound, one older file beside each. */
import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../limits';

/**
 * What has outgrown the bound is copied aside and emptied in place: the writers append, and go on at its new beginning
 * without being asked to open another file. Lines written in between are lost, figures are not in logs.
 */
export function boundLogFiles(folder: string, mostBytes: number = limits.logFileBytes): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    try {
      if (!name.endsWith('.log') || statSync(file).size <= mostBytes) continue;
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    } catch { /* Gone meanwhile, or the disk is full: services go on, and the next look tries again. */ }
  }
}
