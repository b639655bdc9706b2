/** Ctrl-C, or SIGTERM of whoever keeps the process running: asked for once, heard by all that wait. */
import { delay } from '../shell/waiting';

export class StopRequest {
  asked = false;
  private readonly heard: Promise<void>;

  constructor() {
    this.heard = new Promise<void>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve); });
    void this.heard.then(() => { this.asked = true; });
  }

  /** Ends early when a stop is asked for. */
  async pause(milliseconds: number): Promise<void> { await Promise.race([delay(milliseconds), this.heard]); }
}
