/** A group member in memory, with the client's habits: silent reset outside the log, delivery until a rebalance is noticed. */
import type { TopicName } from '../../topology';
import type { CommittedPosition, FetchedBatch, Source, SourceHandlers, StartPosition, TopicPartition, TroubleListener } from '../ports';
import type { MemoryBroker } from './memory-broker';
import type { GroupMember, MemoryGroup } from './memory-group';
import { turnOfEvents } from './turn-of-events';
import { backoffMs, delay } from '../waiting';

/** `expected`: where the stage wants to go on. `client`: where the client reads, elsewhere after a silent reset. */
interface Reading { readonly target: TopicPartition; expected: number; client: number }
/** The client's word for the log's start. */
const RESET_TO_START = -2;
const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

export class MemorySource implements Source, GroupMember {
  private handlers: SourceHandlers | undefined;
  private readonly readings = new Map<string, Reading>();
  private owned = new Set<string>();
  private assignment = 0;
  private stopped = false;

  constructor(private readonly broker: MemoryBroker, private readonly group: MemoryGroup, readonly topics: readonly TopicName[], private readonly onTrouble: TroubleListener) {}

  async start(handlers: SourceHandlers): Promise<void> {
    this.handlers = handlers;
    this.group.join(this);
  }

  /** The session has run out without this member knowing it: it works on, and no commit of it counts. */
  expel(): void { this.group.expel(this); }

  /** The client learns what `expel` did, and joins again. */
  notice(): void {
    this.rebalancing();
    this.group.join(this);
  }

  rebalancing(): void {
    this.assignment++;
    for (const { target } of this.readings.values()) this.broker.partition(target).wake();
    this.readings.clear();
    this.owned.clear();
    this.handlers?.revoked();
  }

  joined(partitions: readonly TopicPartition[]): void {
    this.rebalancing();
    this.owned = new Set(partitions.map(keyOf));
    if (partitions.length > 0 && !this.stopped) void this.takeOver(partitions, this.assignment);
  }

  private current(assignment: number): boolean { return assignment === this.assignment && !this.stopped; }

  private async takeOver(partitions: readonly TopicPartition[], assignment: number): Promise<void> {
    const starts = await this.insist(assignment, async () => {
      this.broker.mustBeAvailable();
      const owned = new Set(partitions.map(keyOf));
      const committed = [...new Set(partitions.map(({ topic }) => topic))].flatMap((topic) => this.group.committed(topic)).filter((position) => owned.has(keyOf(position)));
      return this.handlers!.assigned(partitions, committed);
    });
    for (const start of starts ?? []) this.read(start, assignment);
  }

  /** Again and again until it is done or the assignment is gone. */
  private async insist<Answer>(assignment: number, call: () => Promise<Answer>): Promise<Answer | undefined> {
    for (let attempt = 0; this.current(assignment); attempt++) {
      try {
        const answer = await call();
        if (attempt > 0) this.onTrouble(undefined);
        return this.current(assignment) ? answer : undefined;
      } catch (error) {
        this.onTrouble(`partitions cannot be taken over yet: ${(error as Error).message}`);
        await delay(backoffMs(attempt));
      }
    }
    return undefined;
  }

  private read(start: StartPosition, assignment: number): void {
    if ('stopped' in start) return;
    const { topic, partition, offset } = start;
    const reading: Reading = { target: { topic, partition }, expected: offset, client: offset };
    this.readings.set(keyOf(start), reading);
    void this.pump(reading, assignment);
  }

  private async pump(reading: Reading, assignment: number): Promise<void> {
    const active = (): boolean => this.current(assignment) && this.readings.get(keyOf(reading.target)) === reading;
    while (active()) {
      await turnOfEvents();
      if (!active()) return;
      const batch = this.fetch(reading);
      if (!batch) { await this.broker.partition(reading.target).changed(); continue; }
      if (batch.from !== reading.expected) return this.jumped(reading, assignment);
      reading.expected = reading.client = batch.next;
      await this.handlers!.fetched(batch);
    }
  }

  /** Undefined: nothing there yet. Outside the log the client goes on at its start and tells nobody. */
  private fetch(reading: Reading): FetchedBatch | undefined {
    if (!this.broker.available) return undefined;
    const partition = this.broker.partition(reading.target);
    let fetched = partition.fetch(reading.client, this.broker.recordsPerFetch);
    if (!fetched) {
      reading.client = partition.start;
      this.commitReset(reading.target);
      fetched = partition.fetch(reading.client, this.broker.recordsPerFetch);
    }
    if (!fetched || fetched.next === reading.client) return undefined;
    return { ...reading.target, from: reading.client, ...fetched };
  }

  /** The client writes its reset over the group's commit, without text. */
  private commitReset(target: TopicPartition): void {
    try {
      this.group.commit(this, [{ ...target, offset: RESET_TO_START, metadata: '' }]);
    } catch { /* the client tries once, too */ }
  }

  /** As after an assignment: the stage judges the hole. */
  private async jumped(reading: Reading, assignment: number): Promise<void> {
    this.readings.delete(keyOf(reading.target));
    const { target, expected } = reading;
    const starts = await this.insist(assignment, () => this.handlers!.assigned([target], [{ ...target, offset: expected, metadata: '' }]));
    for (const start of starts ?? []) this.read(start, assignment);
  }

  async commit(positions: readonly CommittedPosition[]): Promise<void> {
    if (positions.length === 0) return;
    await turnOfEvents();
    if (this.stopped) throw new Error('the member has left the group');
    this.group.commit(this, positions);
  }

  seek(position: TopicPartition & { readonly offset: number }): void {
    const reading = this.readings.get(keyOf(position));
    if (!reading) {
      if (this.owned.has(keyOf(position))) this.read(position, this.assignment);
      return;
    }
    reading.expected = reading.client = position.offset;
    this.broker.partition(position).wake();
  }

  restart(): void {
    if (this.stopped) return;
    this.rebalancing();
    this.group.leave(this);
    this.group.join(this);
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.group.leave(this);
    this.rebalancing();
  }
}
