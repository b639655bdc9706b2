/** Ctrl-C, or SIGTERM of whoever keeps the process running: asked for once, heard by all that wait. */
import { setTimeout as delay } from 'node:timers/promises';

export class StopRequest {
  private readonly controller = new AbortController();

  constructor() { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => this.controller.abort()); }

  get asked(): boolean { return this.controller.signal.aborted; }

  /** Ends early when a stop is asked for. Nothing of it is left behind: a process that runs for months pauses twice a second. */
  async pause(milliseconds: number): Promise<void> { await delay(milliseconds, undefined, { signal: this.controller.signal }).catch(() => undefined); }
}
