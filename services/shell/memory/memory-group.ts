/** A consumer group's coordinator: who belongs to it, in which generation, and what was committed. */
import type { TopicName } from '../../topology';
import type { CommittedPosition, TopicPartition } from '../ports';

export interface GroupMember {
  readonly topics: readonly TopicName[];
  /** The client learns that a rebalance has begun: what it owned is no longer its own. */
  rebalancing(): void;
  /** A generation has begun. */
  joined(partitions: readonly TopicPartition[]): void;
}

/** What a coordinator knows of its broker. */
export interface GroupBroker { mustBeAvailable(): void; partitions(topic: TopicName): readonly unknown[] }

export class MemoryGroup {
  private readonly memberGenerations = new Map<GroupMember, number>();
  private readonly positions = new Map<string, CommittedPosition>();
  private scheduled = false;
  private number = 0;

  constructor(private readonly broker: GroupBroker) {}

  get generation(): number { return this.number; }
  get members(): readonly GroupMember[] { return [...this.memberGenerations.keys()]; }

  committed(topic: TopicName): CommittedPosition[] {
    return [...this.positions.values()].filter((position) => position.topic === topic).sort((a, b) => a.partition - b.partition);
  }

  join(member: GroupMember): void {
    this.memberGenerations.set(member, -1);
    this.rebalance();
  }

  leave(member: GroupMember): void {
    if (this.memberGenerations.delete(member)) this.rebalance();
  }

  /**
   * The member's session has run out (its process slept, the network was cut): others get its partitions,
   * and it does not know: it goes on with what it had until its client notices.
   */
  expel(member: GroupMember): void { this.leave(member); }

  /**
   * Accepted from members of the current generation only. That the partitions are the member's is not
   * checked, as in a real broker.
   */
  commit(member: GroupMember, positions: readonly CommittedPosition[]): void {
    this.broker.mustBeAvailable();
    const generation = this.memberGenerations.get(member);
    if (generation === undefined) throw new Error('the coordinator is not aware of this member');
    if (generation !== this.number || this.scheduled) throw new Error('the group is rebalancing, or has begun a generation without this member');
    for (const position of positions) this.positions.set(`${position.topic}/${position.partition}`, { ...position });
  }

  /** Sets what a lost or repaired offsets topic would hold: for tests and operators. */
  setCommitted(position: CommittedPosition): void { this.positions.set(`${position.topic}/${position.partition}`, { ...position }); }

  /** Eager, as the client's: everybody gives up everything first. Changes that come together make one generation. */
  private rebalance(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      for (const member of this.members) member.rebalancing();
      setImmediate(() => {
        this.scheduled = false;
        this.number++;
        this.assign();
      });
    });
  }

  /** Round robin over all partitions of all topics, as the client's assigner. */
  private assign(): void {
    const { members } = this;
    const shares = new Map<GroupMember, TopicPartition[]>(members.map((member) => [member, []]));
    let turn = 0;
    for (const topic of new Set(members.flatMap((member) => member.topics))) {
      const interested = members.filter((member) => member.topics.includes(topic));
      this.broker.partitions(topic).forEach((_, partition) => {
        shares.get(interested[turn++ % interested.length] as GroupMember)?.push({ topic, partition });
      });
    }
    for (const member of members) this.memberGenerations.set(member, this.number);
    for (const [member, partitions] of shares) member.joined(partitions);
  }
}
