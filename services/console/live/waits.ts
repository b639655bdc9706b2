import type { StateReporter } from '../../shell/service-state';

/** What the console waits for, by neighbour: shown in `status`, at /readyz, and on the page. */
export class Waits {
  private readonly reasons = new Map<string, string>();

  constructor(private readonly state: StateReporter) {}

  set(neighbour: string, reason: string | undefined): void {
    if (reason === undefined) this.reasons.delete(neighbour);
    else this.reasons.set(neighbour, reason);
    this.state.neighbourWaits(neighbour, reason);
  }

  has(neighbour: string): boolean { return this.reasons.has(neighbour); }
  all(): string[] { return [...this.reasons].map(([neighbour, reason]) => `${neighbour} ${reason}`); }
}
