/**
 * The one method of kafkajs 2.2.4 that costs an idle process 5 % of a core: its request queue arms a
 * timer although nothing is pending or throttled, with a negative delay that becomes 1 ms, for ever
 * (issue 1751). Armed only when there is something to check. test/contract/kafka-idle.test.ts measures it.
 */
interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
}

const CHECK_PENDING_MS = 10;

export function patchIdleTimer(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- not exported by the package
  const queue = require('kafkajs/src/network/requestQueue') as { prototype: { scheduleCheckPendingRequests(this: RequestQueue): void } };
  queue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue): void {
    const throttledMs = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId || (this.pending.length === 0 && throttledMs <= 0)) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, throttledMs > 0 ? throttledMs : CHECK_PENDING_MS);
  };
}
