/**
 * A group member whose reading positions are decided by the stage, not by the group's commits.
 * eachBatch only hands over: while the handler's promise waits, that partition is paused. Offsets are never committed
 * by the client itself, and a silent reset of the client to the log's start or end shows as a batch
 * that does not begin where it must.
 */
import type { Batch, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import { silentMeasurements } from '../measurements';
import type { CommittedPosition, FetchedBatch, Source, SourceHandlers, StartPosition, TopicPartition, TroubleListener } from '../ports';
import { backoffMs, delay, monotonicMs } from '../waiting';
import { within } from '../within';
import { NO_COMMIT, sourceRecord } from './kafka-record';
import { inWords, type KafkaUser } from './refused';

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;
/** The client has it, its types do not. */
type FetchedKafkaBatch = Batch & { fetchedOffset: string };
const leaderEpochOf = (message: KafkaMessage | undefined): number | undefined => (message as { batchContext?: { partitionLeaderEpoch?: number } } | undefined)?.batchContext?.partitionLeaderEpoch;

export class KafkaSource implements Source {
  private consumer!: Consumer;
  private restarting: Promise<void> | undefined;
  private restarts = 0;
  private openedMs = 0;
  private handlers: SourceHandlers | undefined;
  /** Where each owned partition goes on; absent while nothing may be read from it. */
  private readonly nextOffset = new Map<string, number>();
  /** The newest leader whose log is known to be the one that was read; absent where reading begins. */
  private readonly leaderEpochs = new Map<string, number>();
  private generation = 0;
  private stopped = false;

  constructor(
    private readonly kafka: Kafka,
    private readonly groupId: string,
    private readonly topics: readonly TopicName[],
    private readonly logger: Logger,
    private readonly onTrouble: TroubleListener,
    private readonly measurements = silentMeasurements,
    private readonly user?: KafkaUser,
  ) {}

  private explained(error: Error): Error { return inWords(error, this.user, `READ on topic ${this.topics.join(', ')} and on group ${this.groupId}`); }

  async start(handlers: SourceHandlers): Promise<void> {
    this.handlers = handlers;
    await this.open().catch((error: Error) => { throw this.explained(error); });
  }

  /** Joins with a client of its own. @throws what a client dies of at once, that it would not restart after by itself. */
  private async open(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.groupId,
      sessionTimeout: limits.sessionTimeoutMs,
      heartbeatInterval: limits.heartbeatIntervalMs,
      rebalanceTimeout: limits.sessionTimeoutMs,
      maxWaitTimeInMs: limits.fetchWaitMs,
      minBytes: 1,
      maxBytesPerPartition: limits.fetchBytesPerPartition,
      maxBytes: limits.fetchBytes,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: limits.backoffMinMs, maxRetryTime: limits.backoffMaxMs, retries: 1_000_000, restartOnFailure: async () => !this.stopped },
    });
    this.consumer = consumer;
    let opening = true;
    let death: Error | undefined;
    /** What a client says that was given up is not heard. */
    const heard = <Event>(listener: (event: Event) => void) => (event: Event): void => { if (this.consumer === consumer) listener(event); };
    const { GROUP_JOIN, REBALANCING, CRASH, END_BATCH_PROCESS, DISCONNECT } = consumer.events;
    consumer.on(REBALANCING, heard(() => this.release()));
    consumer.on(DISCONNECT, heard(() => this.release()));
    consumer.on(GROUP_JOIN, heard(({ payload }) => void this.joined(payload.memberAssignment)));
    consumer.on(END_BATCH_PROCESS, heard(({ payload }) => this.coveredWithoutRecords(payload)));
    consumer.on(CRASH, heard(({ payload: { error, restart } }) => {
      this.release();
      if (this.stopped) return;
      this.onTrouble(`consumer restarts: ${this.explained(error).message}`);
      if (restart) return;
      if (opening) death = error;
      else this.restart(this.explained(error).message);
    }));
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: true, partitionsConsumedConcurrently: 64, eachBatch: (payload) => (this.consumer === consumer ? this.eachBatch(payload) : Promise.resolve()) });
    opening = false;
    if (death) throw death;
    this.openedMs = monotonicMs();
  }

  /** The client restarts by itself only after errors that it takes for passing ones. One that dies again and again is started ever more slowly. */
  restart(reason: string): void {
    if (this.stopped || this.restarting) return;
    this.logger.error({ groupId: this.groupId, reason }, 'the consumer begins anew');
    if (monotonicMs() - this.openedMs > limits.consumerSettledMs) this.restarts = 0;
    this.restarting = this.openAgain().finally(() => { this.restarting = undefined; });
  }

  private async openAgain(): Promise<void> {
    this.release();
    while (!this.stopped) {
      /** One that hangs may never say that it has left: its session runs out. */
      await within(limits.sessionTimeoutMs, this.consumer.disconnect()).catch(() => undefined);
      await delay(backoffMs(this.restarts++));
      if (this.stopped) return;
      try {
        await this.open();
        if (this.stopped) await this.consumer.disconnect();
        return;
      } catch (error) {
        const words = this.explained(error as Error).message;
        this.logger.warn({ groupId: this.groupId, error: words }, 'the consumer cannot begin anew yet');
        this.onTrouble(`consumer restarts: ${words}`);
      }
    }
  }

  private release(): void {
    this.generation++;
    this.nextOffset.clear();
    this.leaderEpochs.clear();
    this.handlers?.revoked();
  }

  /** Everything is paused until the stage has said where to read: the client would begin at the group's commits. */
  private async joined(assignment: Record<string, number[]>): Promise<void> {
    this.release();
    const generation = this.generation;
    const partitions: TopicPartition[] = Object.entries(assignment).flatMap(([topic, ids]) => ids.map((partition) => ({ topic: topic as TopicName, partition })));
    this.logger.info({ groupId: this.groupId, partitions: partitions.length }, 'partitions assigned');
    if (partitions.length === 0) return;
    this.consumer.pause(partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    await this.insist(generation, async () => {
      const committed = await this.committedOf(partitions);
      return generation === this.generation ? this.handlers!.assigned(partitions, committed) : [];
    });
  }

  /** Reads where the stage says; asks again while it cannot say, or until the assignment is gone. `leaderEpoch`: whose log the stage recognises by what it reads first. */
  private async insist(generation: number, ask: () => Promise<readonly StartPosition[]>, leaderEpoch?: number): Promise<void> {
    for (let attempt = 0; generation === this.generation && !this.stopped; attempt++) {
      try {
        const starts = await ask();
        if (generation !== this.generation) return;
        for (const start of starts) if ('offset' in start) this.seek(start, leaderEpoch);
        this.onTrouble(undefined);
        return;
      } catch (error) {
        const words = this.explained(error as Error).message;
        this.logger.warn({ groupId: this.groupId, error: words }, 'partitions cannot be taken over yet');
        this.onTrouble(`partitions cannot be taken over yet: ${words}`);
        await delay(backoffMs(attempt));
      }
    }
  }

  private async committedOf(partitions: readonly TopicPartition[]): Promise<CommittedPosition[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const fetched = await admin.fetchOffsets({ groupId: this.groupId, topics: [...new Set(partitions.map(({ topic }) => topic))] });
      const owned = new Set(partitions.map(({ topic, partition }) => keyOf(topic, partition)));
      return fetched.flatMap(({ topic, partitions: positions }) => positions
        .filter(({ partition, offset }) => Number(offset) !== NO_COMMIT && owned.has(keyOf(topic, partition)))
        .map(({ partition, offset, metadata }) => ({ topic: topic as TopicName, partition, offset: Number(offset), metadata: metadata ?? '' })));
    } finally {
      await admin.disconnect();
    }
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const key = keyOf(batch.topic, batch.partition);
    const expected = this.nextOffset.get(key);
    if (expected === undefined || payload.isStale()) return;
    const from = Number((batch as FetchedKafkaBatch).fetchedOffset);
    if (from !== expected) {
      this.logger.warn({ topic: batch.topic, partition: batch.partition, expected, from }, 'the client jumped; taking the partition over again');
      this.jumped(batch, expected);
      return;
    }
    const leaderEpoch = this.newLeader(batch);
    if (leaderEpoch !== undefined) {
      this.logger.info({ topic: batch.topic, partition: batch.partition, expected }, 'the partition has had another leader; making sure that its log is still the one that was read');
      this.measurements.epochChanged({ topic: batch.topic as TopicName, partition: batch.partition }, 'leader');
      this.jumped(batch, expected, leaderEpoch);
      return;
    }
    await this.handOver({
      topic: batch.topic as TopicName, partition: batch.partition, from, next: Number(batch.lastOffset()) + 1, end: Number(batch.highWatermark),
      records: batch.messages.map(sourceRecord),
    });
  }

  /**
   * A leader that had lost records gives their offsets to others, and reading goes on behind them as if nothing had
   * been. What lies here was taken by the leader of the record before, or the log is to be recognised first: answers
   * the leader that it is to be recognised at, undefined where there is no need.
   */
  private newLeader({ topic, partition, messages }: Batch): number | undefined {
    const key = keyOf(topic, partition);
    const before = this.leaderEpochs.get(key);
    const last = leaderEpochOf(messages.at(-1));
    if (last === undefined) return undefined;
    this.leaderEpochs.set(key, Math.max(before ?? last, last));
    const first = leaderEpochOf(messages[0]);
    return before !== undefined && first !== undefined && first > before ? first : undefined;
  }

  /** The offset fell out of the log: the stage's take-over judges it, and reports a hole. Not waited for: the client would hold up everything else. */
  private jumped(batch: Batch, expected: number, leaderEpoch?: number): void {
    const target: TopicPartition = { topic: batch.topic as TopicName, partition: batch.partition };
    this.nextOffset.delete(keyOf(target.topic, target.partition));
    this.consumer.pause([{ topic: target.topic, partitions: [target.partition] }]);
    void this.insist(this.generation, () => this.handlers!.assigned([target], [{ ...target, offset: expected, metadata: '' }]), leaderEpoch);
  }

  /**
   * Hands over without waiting: the client fetches from a broker again only when all batches of the last
   * answer were taken, so one partition without room would hold up all others. That one pauses instead.
   */
  private async handOver(batch: FetchedBatch): Promise<void> {
    const { topic, partition, next } = batch;
    const key = keyOf(topic, partition);
    this.nextOffset.set(key, next);
    let room = false;
    const accepted = this.handlers!.fetched(batch).then(() => { room = true; });
    await new Promise((turn) => setImmediate(turn));
    if (room) return;
    const generation = this.generation;
    this.consumer.pause([{ topic, partitions: [partition] }]);
    void accepted.then(() => { if (generation === this.generation && this.nextOffset.has(key)) this.consumer.resume([{ topic, partitions: [partition] }]); });
  }

  /** The client keeps batches of transaction markers to itself; the position must still move over them. */
  private coveredWithoutRecords(payload: { topic: string; partition: number; batchSize: number; lastOffset: string; highWatermark: string }): void {
    const key = keyOf(payload.topic, payload.partition);
    const from = this.nextOffset.get(key);
    const next = Number(payload.lastOffset) + 1;
    if (payload.batchSize > 0 || from === undefined || next <= from) return;
    this.nextOffset.set(key, next);
    void this.handlers!.fetched({ topic: payload.topic as TopicName, partition: payload.partition, from, next, end: Number(payload.highWatermark), records: [] });
  }

  /** A client that does not run answers as if it had sent them: only what it tells of a commit shows that the group has it. */
  async commit(positions: readonly CommittedPosition[]): Promise<void> {
    if (positions.length === 0) return;
    const { consumer } = this;
    const unsent = new Set(positions.map(({ topic, partition, offset }) => `${keyOf(topic, partition)} ${offset}`));
    const unheard = consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      for (const { topic, partitions } of payload.topics) for (const { partition, offset } of partitions) unsent.delete(`${keyOf(topic, partition)} ${String(offset)}`);
    });
    try {
      await within(limits.clientAnswerMs, consumer.commitOffsets(positions.map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset: String(offset), metadata }))));
    } finally {
      unheard();
    }
    if (unsent.size > 0) throw new Error('the client did not run: positions were not sent');
  }

  /** A fetch may end with the record that is read again: without `leaderEpoch` those behind it would be another leader's once more, for ever. */
  seek({ topic, partition, offset }: TopicPartition & { readonly offset: number }, leaderEpoch?: number): void {
    this.nextOffset.set(keyOf(topic, partition), offset);
    if (leaderEpoch === undefined) this.leaderEpochs.delete(keyOf(topic, partition));
    else this.leaderEpochs.set(keyOf(topic, partition), leaderEpoch);
    this.consumer.seek({ topic, partition, offset: String(offset) });
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.consumer?.disconnect();
  }
}
