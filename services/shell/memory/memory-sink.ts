/** One outstanding send, repeated until acknowledged, as the real sink does it; faults are ordered at the broker. */
import { limits } from '../../limits';
import type { Acknowledgement, OutgoingRecord, Sink, TroubleListener } from '../ports';
import type { MemoryBroker } from './memory-broker';
import { turnOfEvents } from './turn-of-events';
import { backoffMs, delay } from '../waiting';

export class MemorySink implements Sink {
  private closed = false;
  private sending = false;

  constructor(private readonly broker: MemoryBroker, private readonly onTrouble: TroubleListener) {}

  async send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    if (records.length === 0) return [];
    if (this.sending) throw new Error('a second send while one is outstanding would lose records');
    this.sending = true;
    try {
      const acknowledgements: Acknowledgement[] = [];
      for (const request of requests(records)) acknowledgements.push(...(await this.sendUntilAcknowledged(request)));
      return acknowledgements;
    } finally {
      this.sending = false;
    }
  }

  private async sendUntilAcknowledged(request: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    const sentAtMs = this.broker.now();
    for (let attempt = 0; ; attempt++) {
      await turnOfEvents();
      if (this.closed) throw new Error('the sink is closed');
      try {
        const acknowledgements = this.broker.request(request, sentAtMs);
        await turnOfEvents();
        if (attempt > 0) this.onTrouble(undefined);
        return acknowledgements;
      } catch (error) {
        this.onTrouble(`broker does not take records: ${(error as Error).message}`);
        await delay(backoffMs(attempt));
      }
    }
  }

  async close(): Promise<void> { this.closed = true; }
}

/** A partition's share of one request stays below the broker's limit; a fault may lie between two requests. */
function* requests(records: readonly OutgoingRecord[]): Iterable<readonly OutgoingRecord[]> {
  let start = 0;
  let bytes = new Map<string, number>();
  for (const [index, { topic, partition, key, value }] of records.entries()) {
    const share = `${topic}/${partition}`;
    const size = (bytes.get(share) ?? 0) + key.length + (value?.length ?? 0);
    if (bytes.has(share) && size > limits.produceBatchBytes) {
      yield records.slice(start, index);
      start = index;
      bytes = new Map([[share, key.length + (value?.length ?? 0)]]);
    } else bytes.set(share, size);
  }
  yield records.slice(start);
}
