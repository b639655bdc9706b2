/** N events wait in the raw topic; all services start together; measured until everything is counted and published. */
import { setTimeout as delay } from 'node:timers/promises';
import { backlog } from '../../services/shell/drained';
import type { FigureReader } from '../../services/shell/figure-store';
import type { LogInspector } from '../../services/shell/ports';
import { cpuSeconds, peakMegabytes, type Measured } from './processes';

export interface Usage { readonly name: string; readonly cpuSecondsPerMillion: number; readonly peakMegabytes: number }
export interface Throughput { readonly events: number; readonly seconds: number; readonly eventsPerSecond: number; readonly usage: readonly Usage[] }

/** Waits until nothing is left to do, in two looks one second apart. */
export async function untilDrained(inspector: LogInspector, reader: FigureReader, timeoutMs: number): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const left = await backlog(inspector, reader).catch(() => undefined);
    if (left?.length === 0) return;
    if (Date.now() > deadlineMs) throw new Error(`not drained after ${timeoutMs / 1_000} s: ${JSON.stringify(left)}`);
    await delay(500);
  }
}

/** `before`: CPU seconds that a process had used before the events were there to be worked on. */
export function throughputOf(events: number, startMs: number, endMs: number, processes: readonly Measured[], before: ReadonlyMap<string, number>): Throughput {
  const seconds = (endMs - startMs) / 1_000;
  return {
    events, seconds, eventsPerSecond: Math.round(events / seconds),
    usage: processes.map(({ name, pid }) => ({
      name,
      cpuSecondsPerMillion: ((cpuSeconds(pid) - (before.get(name) ?? 0)) * 1_000_000) / events,
      peakMegabytes: peakMegabytes(pid),
    })),
  };
}
