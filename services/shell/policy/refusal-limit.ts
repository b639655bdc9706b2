import { stopReason } from '../stop-reasons';

/**
 * Halts a stage that refuses too much: a bad deployment or a broken gateway should stop the stream, not
 * drain it into the rejected topic. Counts in windows of `records`; each window is judged when full.
 */
export class RefusalLimit {
  private seen = 0;
  private refused = 0;

  constructor(private readonly records: number, private readonly share: number) {}

  /** Adds a batch; answers the reason when the limit is passed. Call before anything of the batch is published. */
  add(records: number, refused: number): string | undefined {
    this.seen += records;
    this.refused += refused;
    if (this.seen < this.records) return undefined;
    const { seen, refused: bad } = this;
    this.seen = 0;
    this.refused = 0;
    if (bad <= seen * this.share) return undefined;
    return stopReason('refusals', `${bad} of the last ${seen} records would be refused, more than the limit of ${Math.round(this.share * 100)} %; nothing of the last batch was published. Look at the gateway or the last change of rules; to let them pass, set TIDEWAITER_REFUSAL_SHARE=1 and start the stage again`);
  }
}
