/**
 * The broker in memory, shared by the logs of all simulated processes. It is no kinder than the real one:
 * offsets have gaps, a timed-out send may still be appended later, a member that was thrown out of its
 * group works on until it notices, and a log may lose its end or be made anew. What a test or a
 * simulation may do to it are the methods from `appendMarker` on.
 */
import { consumerGroup, topics, type StageName, type TopicName } from '../../topology';
import type { OutgoingRecord, TopicPartition } from '../ports';
import { MemoryGroup } from './memory-group';
import { MemoryPartition } from './memory-partition';

export interface MemoryBrokerSettings {
  /** Of topics that follow the setting. */
  readonly partitions: number;
  /** The broker's clock, ms; may step. */
  readonly now?: () => number;
  /** Records that one fetch brings at most. */
  readonly recordsPerFetch?: number;
}

/** What happens to one append request; the sender sends it again after any of them. */
export type SendFault =
  /** Nothing is appended. */
  | 'refused'
  /** Appended, but the acknowledgement is lost. */
  | 'acknowledgement lost'
  /** Timed out; appended behind whatever came after, when `releaseLateAppends` says so. */
  | 'late'
  /** Appended in the first partition of the request, and nowhere else. */
  | 'first partition only';

export interface Appended extends TopicPartition { readonly baseOffset: number; readonly logAppendTime: number }

interface LateAppend { readonly records: readonly OutgoingRecord[]; readonly sentAtMs: number }

/** The broker, or an answer of it, is away. */
export class BrokerAway extends Error {}

export class MemoryBroker {
  readonly now: () => number;
  readonly recordsPerFetch: number;
  private readonly partitionsOf = new Map<TopicName, MemoryPartition[]>();
  private readonly groups = new Map<string, MemoryGroup>();
  private readonly sendFaults: SendFault[] = [];
  private lateAppends: LateAppend[] = [];
  private readonly stampedBySenders = new Set<TopicName>();
  private up = true;

  constructor(private readonly settings: MemoryBrokerSettings) {
    this.now = settings.now ?? (() => Date.now());
    this.recordsPerFetch = settings.recordsPerFetch ?? 500;
    for (const { name } of topics) this.recreate(name);
  }

  get available(): boolean { return this.up; }

  /** @throws BrokerAway while the broker is away. */
  mustBeAvailable(): void { if (!this.up) throw new BrokerAway('the broker does not answer'); }

  partitions(topic: TopicName): readonly MemoryPartition[] {
    const found = this.partitionsOf.get(topic);
    if (!found) throw new Error(`the broker has no topic ${topic}`);
    return found;
  }

  partition({ topic, partition }: TopicPartition): MemoryPartition {
    const found = this.partitions(topic)[partition];
    if (!found) throw new Error(`the broker has no partition ${partition} of ${topic}`);
    return found;
  }

  group(stage: StageName, namespace?: string): MemoryGroup {
    const id = consumerGroup(stage, namespace);
    let group = this.groups.get(id);
    if (!group) this.groups.set(id, (group = new MemoryGroup(this)));
    return group;
  }

  /** One request of a sender: all its partitions, unless a fault was ordered. @throws BrokerAway: not acknowledged. */
  request(records: readonly OutgoingRecord[], sentAtMs: number): Appended[] {
    this.mustBeAvailable();
    for (const { topic, partition } of records) this.partition({ topic, partition });
    const fault = this.sendFaults.shift();
    if (fault === 'late') this.lateAppends.push({ records, sentAtMs });
    if (fault === 'acknowledgement lost') this.append(records, sentAtMs);
    if (fault === 'first partition only') {
      const [first] = records;
      this.append(records.filter(({ topic, partition }) => topic === first?.topic && partition === first.partition), sentAtMs);
    }
    if (fault !== undefined) throw new BrokerAway(`ordered fault: ${fault}`);
    return this.append(records, sentAtMs);
  }

  /** Whether its clock stamps the records of a topic. */
  stamps(topic: TopicName): boolean { return !this.stampedBySenders.has(topic) && topics.find(({ name }) => name === topic)?.timestamps === 'LogAppendTime'; }

  private append(records: readonly OutgoingRecord[], sentAtMs: number): Appended[] {
    const shares = new Map<MemoryPartition, { target: TopicPartition; records: OutgoingRecord[] }>();
    for (const record of records) {
      const partition = this.partition(record);
      const share = shares.get(partition);
      if (share) share.records.push(record);
      else shares.set(partition, { target: record, records: [record] });
    }
    const appendedAtMs = this.now();
    return [...shares].map(([partition, share]) => {
      const { topic } = share.target;
      const stamped = this.stamps(topic);
      const baseOffset = partition.append(share.records, stamped ? appendedAtMs : sentAtMs);
      return { topic, partition: share.target.partition, baseOffset, logAppendTime: stamped ? appendedAtMs : -1 };
    });
  }

  /** Offsets without records: a transaction's marker, or aborted records. */
  appendMarker(target: TopicPartition, offsets = 1): void { this.partition(target).skip(offsets); }

  /** Somebody sets a topic's message.timestamp.type to CreateTime, or back. */
  stampBySenders(topic: TopicName, bySenders: boolean): void {
    if (bySenders) this.stampedBySenders.add(topic);
    else this.stampedBySenders.delete(topic);
  }

  /** The next append requests meet these faults, one each. */
  failSends(...faults: readonly SendFault[]): void { this.sendFaults.push(...faults); }

  /** What timed out is appended now, behind everything that came after; answers how many requests. */
  releaseLateAppends(): number {
    const late = this.lateAppends;
    this.lateAppends = [];
    for (const { records, sentAtMs } of late) this.append(records, sentAtMs);
    return late.length;
  }

  /** Compaction of a compacted topic: the newest record of each key stays, offsets too. `before`: per partition, default everything. */
  compact(topic: TopicName, options: { readonly before?: number; readonly keepTombstones?: boolean } = {}): void {
    if (topics.find(({ name }) => name === topic)?.cleanup !== 'compact') throw new Error(`${topic} is not a compacted topic`);
    for (const partition of this.partitions(topic)) partition.compact(options.before ?? partition.end, options.keepTombstones ?? true);
  }

  /** Retention took records away: the log begins at `offset`. */
  deleteBefore(target: TopicPartition & { readonly offset: number }): void { this.partition(target).deleteBefore(target.offset); }

  /** Power loss: the log ends at `offset` again. */
  truncate(target: TopicPartition & { readonly offset: number }): void { this.partition(target).truncate(target.offset); }

  /** The topic is deleted and made anew, empty; commits of groups stay. */
  recreate(topic: TopicName): void {
    const declared = topics.find(({ name }) => name === topic)?.partitions;
    const before = this.partitionsOf.get(topic) ?? [];
    this.partitionsOf.set(topic, Array.from({ length: declared === 'setting' ? this.settings.partitions : (declared ?? 1) }, () => new MemoryPartition()));
    for (const partition of before) partition.wake();
  }

  /** Nothing answers until `comeBack`: sends wait, commits and questions are rejected, no record is delivered. */
  goAway(): void { this.up = false; }

  comeBack(): void {
    this.up = true;
    for (const partitions of this.partitionsOf.values()) for (const partition of partitions) partition.wake();
  }
}
