/**
 * Ownership of one topic partition's figures: a random token and the position on which the next script
 * must find the store. Numbers that count up would go back with a failover; a token cannot collide.
 */
import { randomUUID } from 'node:crypto';
import { formatPosition, initialPosition, parsePosition, type Position } from '../domain/position';
import type { ApplyAnswer, FigureChange, LedgerStore } from './figure-store';
import { IdFilter } from './id-filter';
import type { TopicPartition } from './ports';
import { overflowReason, stopReason, type LogRange } from './stop-reasons';

export type Claim = { readonly owner: PartitionOwner } | { readonly stopped: string };

/** An empty namespace gets a position at once: without one, readers could not tell it from a lost one. */
const noChange: FigureChange = { increments: { each: () => undefined }, entries: new Map(), index: new Map(), changed: '' };

export class PartitionOwner {
  /** What this owner wrote into a ledger that it found empty; undefined: others may have written, too. */
  private written: IdFilter | undefined;

  private constructor(
    private readonly store: LedgerStore,
    readonly target: TopicPartition,
    private readonly token: string,
    private text: string,
    public position: Position,
    private readonly logStart: number,
  ) {}

  /**
   * Takes the partition over. `stopped` when its figures are made of something else, or when the log no
   * longer holds what comes next: that is for an operator to decide. `begin`: where empty figures begin. `filterBytes`: for
   * knowing which declarations an empty ledger has not got since; 0: it is always asked.
   */
  static async claim(store: LedgerStore, target: TopicPartition, manifest: string, range: LogRange, begin = 0, filterBytes = 0): Promise<Claim> {
    const token = randomUUID();
    const answer = await store.claim(target, token, manifest);
    if ('alienManifest' in answer) return { stopped: stopReason('manifest', `the namespace is made of something else: ${answer.alienManifest}; this service would make it of ${manifest}. Use another TIDEWAITER_NAMESPACE, or the settings of the manifest`) };
    if ('overflow' in answer) return { stopped: overflowReason(answer.overflow) };
    const stored = parsePosition(answer.position);
    if (!stored && range.start > begin) return { stopped: stopReason('hole', `the figures are empty, and the log begins at ${range.start}: they cannot be rebuilt from it alone`) };
    const position = stored ?? initialPosition(begin, range.end);
    if (position.next < range.start || position.next > range.end) {
      return { stopped: stopReason('hole', `the figures stand at ${position.next}, outside the log, which holds ${range.start} to ${range.end}: records are missing or the topic was made anew`) };
    }
    const owner = new PartitionOwner(store, target, token, answer.position, position, range.start);
    if (!stored) {
      const answered = await owner.apply(position, noChange);
      if (answered !== 'applied' && answered !== 'already') throw new Error('another owner claimed the partition at the same time');
    }
    /** Workers that begin together claim partitions from each other before anything is counted. */
    if (filterBytes > 0 && position.last === '') owner.written = new IdFilter(filterBytes);
    return { owner };
  }

  /** Reading begins at the last record counted, not behind it: it shows whether the log is still the same one. */
  get readFrom(): number {
    const { next, last } = this.position;
    return last === '' ? next : Math.max(this.logStart, next - 1);
  }

  /** False: the ledger has nothing of it, as long as nobody else has taken the partition over, which the next `apply` would find. */
  mayKnow(declarationId: string): boolean { return this.written?.mayHave(declarationId) ?? true; }

  readLedger(declarationIds: readonly string[]): ReturnType<LedgerStore['readLedger']> {
    return this.store.readLedger(this.target, declarationIds);
  }

  /** Lets entries of one bucket go that `gone` names; false when the store is not where this owner left it. */
  async forget(bucket: number, gone: (entry: Buffer) => boolean): Promise<boolean> {
    const { position, entries } = await this.store.readBucket(this.target, bucket);
    if (position !== this.text) return false;
    const ids = [...entries].filter(([, entry]) => gone(entry)).map(([id]) => id);
    return ids.length === 0 || (await this.store.forget(this.target, this.token, this.text, bucket, ids)) === 'applied';
  }

  /** True while the store stands where this owner left it. */
  standsAt(position: string): boolean { return position === this.text; }

  async apply(next: Position, change: FigureChange): Promise<ApplyAnswer> {
    const text = formatPosition(next);
    /** Before it is known whether it was carried out: an answer may be lost. */
    if (this.written) for (const id of change.entries.keys()) this.written.add(id);
    const answer = await this.store.apply(this.target, this.token, this.text, text, change);
    if (answer === 'applied' || answer === 'already') {
      this.text = text;
      this.position = next;
    }
    return answer;
  }
}
