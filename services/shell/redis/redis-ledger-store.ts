import { limits } from '../../limits';
import { bucketOf, type ApplyAnswer, type ClaimAnswer, type FigureChange, type LedgerEntry, type LedgerStore, type Moment, type MomentRequest, type PositionOf, type StepPacing } from '../figure-store';
import { unpackIndex } from '../index-of-days';
import type { TopicPartition } from '../ports';
import { packEntries, packIncrements, packIndexOfDays, packInSteps } from './change-packing';
import type { Keys } from './keys';
import { Packer } from './packing';
import { addFields } from '../added-fields';
import { monotonicMs } from '../waiting';
import { isPassing, text, type ScriptRunner } from './script-runner';

/** Ledger, figures, positions and the index of days in Redis, through scripts. */
export class RedisLedgerStore implements LedgerStore {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys, readonly buckets: number) {}

  async claim(partition: TopicPartition, token: string, manifest: string): Promise<ClaimAnswer> {
    const shard = this.keys.shardOf(partition.partition);
    const [state, value, begun] = (await this.runner.runPatiently('claim-3', [this.keys.position(partition), this.keys.manifest(shard), this.keys.steps(partition)], [token, manifest])) as [Buffer, Buffer, Buffer | undefined];
    if (text(state) === 'ALIEN') return { alienManifest: text(value) };
    return this.finished(partition, token, text(value), text(begun));
  }

  async claimAnew(partition: TopicPartition, token: string, manifest: string): Promise<string> {
    const shard = this.keys.shardOf(partition.partition);
    const [position, begun] = (await this.runner.runPatiently('claim-anew-3', [this.keys.position(partition), this.keys.manifest(shard), this.keys.steps(partition)], [token, manifest])) as [Buffer, Buffer];
    const answer = await this.finished(partition, token, text(position), text(begun));
    if ('position' in answer) return answer.position;
    throw new Error(`the change that was begun cannot be finished: ${answer.overflow}`);
  }

  /** Another owner ended within a change: what is left of it is carried out, and its position is where the figures stand. */
  private async finished(partition: TopicPartition, token: string, position: string, begun: string): Promise<{ readonly position: string } | { readonly overflow: string }> {
    if (begun === '' || begun === position) return { position };
    const answer = await this.runner.patiently(async () => {
      const carriedOut = await this.carryOut(partition, token, position, begun, undefined);
      if (typeof carriedOut === 'object' && 'unwritable' in carriedOut) throw new Error(carriedOut.unwritable);
      return carriedOut;
    });
    if (answer === 'applied' || answer === 'already') return { position: begun };
    if (typeof answer === 'object') return answer;
    throw new Error(`another owner claimed the partition at the same time: ${answer}`);
  }

  async readLedger(partition: TopicPartition, declarationIds: readonly string[]): Promise<{ position: string; entries: (Buffer | null)[] }> {
    const packed = new Packer(declarationIds.length * 48 + 16);
    for (const id of declarationIds) packed.text(String(bucketOf(id, this.buckets))).text(id);
    const [position, ...entries] = (await this.runner.runPatiently('read-ledger-1', [this.keys.position(partition)], [this.keys.ledger(partition.partition), packed.take()])) as (Buffer | null)[];
    return { position: text(position), entries };
  }

  async apply(partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange): Promise<ApplyAnswer> {
    if (change.inSteps) return this.applyInSteps(partition, token, expected, next, change, change.inSteps);
    const shard = this.keys.shardOf(partition.partition);
    const [packedEntries = ''] = packEntries(partition, change.entries, this.buckets);
    const reply = await this.runner.runPatiently(
      'apply-2',
      [this.keys.position(partition), this.keys.changed(shard)],
      [token, expected, next, this.keys.prefix(shard), packIncrements(change), packedEntries, packIndexOfDays(partition, change.index, this.buckets), change.changed, limits.changeListEntries],
    );
    return this.answerOf(reply);
  }

  /**
   * A change too large for one script: all of its parts are put down first, and nothing has changed; then they are carried
   * out one by one, and with the first of them there is no way back. A claim in between finishes what has begun.
   */
  private async applyInSteps(partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange, pacing: StepPacing): Promise<ApplyAnswer> {
    const steps = packInSteps(partition, change, this.buckets);
    for (let number = 0; number < steps.length; number++) {
      await pacing.untilRoom();
      const startMs = monotonicMs();
      const answer = this.answerOf(await this.runner.runPatiently('put-step-2', [this.keys.position(partition), this.keys.steps(partition)], [token, expected, next, number, steps[number] as Buffer]));
      if (answer !== 'applied') return answer;
      await pacing.between(monotonicMs() - startMs);
    }
    return this.carryOut(partition, token, expected, next, steps.length, pacing.between);
  }

  /** `steps`: how many must have been put down; undefined: as many as are left of a change that was begun. */
  private async carryOut(partition: TopicPartition, token: string, expected: string, next: string, steps: number | undefined, between: StepPacing['between'] = async () => undefined): Promise<ApplyAnswer> {
    const keys = [this.keys.position(partition), this.keys.steps(partition)];
    const prefix = this.keys.prefix(this.keys.shardOf(partition.partition));
    for (let left = steps; ; ) {
      const startMs = monotonicMs();
      const reply = await this.runner.runPatiently('take-step-2', keys, [token, expected, next, prefix, left ?? '', steps ?? '']);
      if (!Array.isArray(reply) || text(reply[0]) !== 'MORE') return this.answerOf(reply);
      left = Number(text(reply[1]));
      await between(monotonicMs() - startMs);
    }
  }

  private answerOf(reply: unknown): ApplyAnswer {
    if (!Array.isArray(reply)) return text(reply).toLowerCase() as ApplyAnswer;
    const [, error = '', where = ''] = reply.map(text);
    return isPassing(error) ? { unwritable: this.runner.refusal(error) ?? error } : { overflow: `${where}: ${error}` };
  }

  async readBucket(partition: TopicPartition, bucket: number): Promise<{ position: string; entries: Map<string, Buffer> }> {
    const [position, fields] = (await this.runner.runPatiently('read-bucket-2', [this.keys.position(partition), this.keys.ledger(partition.partition) + String(bucket)], [])) as [Buffer, Buffer[]];
    const entries = new Map<string, Buffer>();
    for (let index = 0; index + 1 < fields.length; index += 2) entries.set(text(fields[index]), fields[index + 1] as Buffer);
    return { position: text(position), entries };
  }

  async forget(partition: TopicPartition, token: string, expected: string, bucket: number, declarationIds: readonly string[]): Promise<'applied' | 'moved' | 'fenced' | 'lost'> {
    const keys = [this.keys.position(partition), this.keys.ledger(partition.partition) + String(bucket)];
    return text(await this.runner.runPatiently('forget-2', keys, [token, expected, ...declarationIds])).toLowerCase() as 'applied' | 'moved' | 'fenced' | 'lost';
  }

  async readIndex({ partition }: TopicPartition, days: readonly string[]): Promise<string[]> {
    const ids = new Set<string>();
    for (let start = 0; start < days.length; start += limits.indexDaysPerRead) {
      const keys = days.slice(start, start + limits.indexDaysPerRead).map((day) => this.keys.index(partition) + day);
      const parts = await this.runner.patiently(() => Promise.all(keys.map((key) => this.runner.redis.getBuffer(key))));
      for (const part of parts) if (part) for (const id of unpackIndex(part)) ids.add(id);
    }
    return [...ids];
  }

  async readMoment({ positions, counted, days, hashes, maxIndexBytes }: MomentRequest): Promise<Moment | { tooLarge: true }> {
    const found: PositionOf[] = [];
    const sums = new Map<string, Map<string, string>>(hashes.map((hash) => [hash, new Map()]));
    const entries: LedgerEntry[] = [];
    for (let shard = 0; shard < this.keys.shards; shard++) {
      const here = ({ partition }: TopicPartition): boolean => this.keys.shardOf(partition) === shard;
      const [owned, parts] = [positions.filter(here), counted.filter(here).flatMap(({ partition }) => days.map((day) => ({ partition, day })))];
      const keys = [...owned.map((each) => this.keys.position(each)), ...hashes.map((hash) => this.keys.cells(shard) + hash), ...parts.map(({ partition, day }) => this.keys.index(partition) + day)];
      const [state, texts, ...answers] = (await this.runner.runPatiently('read-moment-n', keys, [owned.length, hashes.length, maxIndexBytes, ...parts.map(({ partition }) => this.keys.ledger(partition))])) as [Buffer, Buffer[], ...Buffer[][]];
      if (text(state) === 'TOO-LARGE') return { tooLarge: true };
      owned.forEach((each, index) => found.push({ ...each, position: text(texts[index]) }));
      hashes.forEach((hash, index) => addFields(sums.get(hash) as Map<string, string>, textPairs(answers[index] as Buffer[])));
      parts.forEach(({ partition }, index) => { for (const [id, entry] of pairs(answers[hashes.length + index] as Buffer[])) entries.push({ partition, declarationId: text(id), entry }); });
    }
    return { positions: found, hashes: [...sums].map(([hash, fields]) => ({ hash, fields })), entries };
  }

  async close(): Promise<void> { await this.runner.close(); }
}

function* pairs(reply: readonly Buffer[]): Generator<[Buffer, Buffer]> {
  for (let index = 0; index + 1 < reply.length; index += 2) yield [reply[index] as Buffer, reply[index + 1] as Buffer];
}
function* textPairs(reply: readonly Buffer[]): Generator<[string, string]> {
  for (const [field, value] of pairs(reply)) yield [text(field), text(value)];
}
