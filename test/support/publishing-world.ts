/** The publisher on the in-memory broker and store, with one cell of revenue to publish. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { formatPosition } from '../../services/domain/position';
import { startPublish } from '../../services/publish/start';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { allTopicSchemas, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import type { FigureChange } from '../../services/shell/figure-store';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { aggregateInputs, countedTopic, subjectOf, type TopicName } from '../../services/topology';
import { incrementsOf } from './increments';
import { until } from './until';

export const revenueTopic = 'customs.aggregates.revenue.v1';
export const revenueHash = 'revenue/office-taxType-chapter/month/2026-03';
export const revenueCell = 'KIN01|CUD|87';
const key = `${revenueHash}|${revenueCell}`;
const target = { topic: countedTopic, partition: 0 } as const;

export interface CellRecord { readonly assessed: number; readonly adjusted: number; readonly status: string; readonly revision: number }

/** Everything of the topic of revenue, one cell of which changes. */
export class PublishingWorld {
  readonly broker = new MemoryBroker({ partitions: 1 });
  readonly store = new MemoryStore({ partitions: 1 });
  readonly registry = new MemoryRegistry();
  /** Newest event time of the store's positions. */
  streamTimeMs = Date.parse('2026-03-15T10:00:00Z');
  private readonly home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  private readonly type = avroType(topicSchema(revenueTopic));
  state!: StateReporter;
  private publisher: RunningService | undefined;
  private next = 0;
  private text = '';
  private emptyText = '';

  async open(): Promise<void> {
    for (const schema of allTopicSchemas()) await this.registry.register(subjectOf(schema.topic), schema.text);
    for (const input of aggregateInputs) {
      const claimed = { topic: input, partition: 0 };
      await this.store.ledger().claim(claimed, 'me', '{"made":"of this"}');
      await this.store.ledger().apply(claimed, 'me', '', this.position(0), { increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' });
    }
    this.emptyText = this.text = this.position(0);
  }

  private position(next: number): string { return formatPosition({ next, marks: {}, streamTimeMs: this.streamTimeMs, target: 0, last: '' }); }

  /** The cell gets this much more, in every combination and grain that keeps it, and stands in the change list, but for what a backlog brings. */
  async add(amount: number | bigint, name = revenueCell, listed = true): Promise<void> {
    this.broker.appendMarker(target);
    const increments = incrementsOf([
      [revenueHash, [[`${name}:assessed`, amount]]],
      ['revenue/office-taxType-chapter/day/2026-03-15', [[`${name}:assessed`, amount]]],
      ['revenue/office-taxType/day/2026-03-15', [[`${name.slice(0, name.lastIndexOf('|'))}:assessed`, amount]]],
      ['revenue/taxType-origin/month/2026-03', [['CUD|JP:assessed', amount]]],
      ['revenue/taxType-procedure/month/2026-03', [['CUD|4000:assessed', amount]]],
    ]);
    await this.apply({ increments, entries: new Map(), index: new Map(), changed: listed ? `${revenueHash}|${name}` : '' });
  }

  /** So many events are written into a book, whether they are in the raw topic or not. */
  async book(counted: number): Promise<void> {
    this.broker.appendMarker(target);
    await this.apply({ increments: incrementsOf([['books', [['counted', counted]]]]), entries: new Map(), index: new Map(), changed: '' });
  }

  /** Nothing changes but the newest event time: the periods before it are over. */
  async timePasses(streamTimeMs: number): Promise<void> {
    this.streamTimeMs = streamTimeMs;
    this.broker.appendMarker(target);
    await this.apply({ increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' });
  }

  private async apply(change: FigureChange): Promise<void> {
    const text = this.position(++this.next);
    const answer = await this.store.ledger().apply(target, 'me', this.text, text, change);
    if (answer !== 'applied') throw new Error(`not applied: ${JSON.stringify(answer)}`);
    this.text = text;
  }

  /** The log was counted again, and what is in it is no revenue any more. */
  async countedOtherwise(empty: ReturnType<MemoryStore['snapshot']>): Promise<void> {
    this.store.restore(empty);
    await this.countAgain(this.next);
  }

  /** The log was counted again, into the store as it is now: emptied. */
  async countedAgain(assessed: number): Promise<void> {
    await this.countAgain(this.next - 1);
    await this.add(assessed);
  }

  private async countAgain(records: number): Promise<void> {
    this.next = 0;
    this.text = this.emptyText;
    for (let record = 0; record < records; record++) await this.apply({ increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' });
  }

  async publish(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const unused = (): never => { throw new Error('not needed'); };
    this.state = new StateReporter(this.home, 'publish');
    this.publisher = await startPublish({
      config: readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_HOME: this.home, ...settings }), logger: pino({ level: 'silent' }), state: this.state,
      neighbours: { log: () => new MemoryLog(this.broker), registry: () => this.registry, ledger: unused, figures: (place) => this.store.reader(place), closed: (place) => this.store.closed(place), directory: () => this.store.directory() }, untilReady: (_neighbour, call) => call(),
    });
  }

  /** A record that some publisher wrote before; null: a tombstone. */
  async append(name: string, value: Buffer | null, topic: TopicName = revenueTopic): Promise<void> {
    const sink = await new MemoryLog(this.broker).sink();
    await sink.send([{ topic, partition: 0, key: name, value }]);
    await sink.close();
  }

  /** Cells that the topic has, whatever they say. */
  cellsTold(): string[] {
    const log = this.broker.partition({ topic: revenueTopic, partition: 0 });
    return [...new Set((log.fetch(log.start, Infinity)?.records ?? []).map((record) => record.key?.toString() ?? '').filter((name) => name.startsWith(revenueHash)).map((name) => name.slice(revenueHash.length + 1)))].sort();
  }

  /** The cell's records in the order of the log: minor units, adjustment of the assessed amount, status and revision; null for a tombstone. */
  records(): (CellRecord | null)[] {
    const log = this.broker.partition({ topic: revenueTopic, partition: 0 });
    return (log.fetch(log.start, Infinity)?.records ?? []).filter((record) => record.key?.toString() === key).map(({ value }) => {
      if (value === null) return null;
      const { assessed, revision, status, adjustments } = this.type.fromBuffer(value.subarray(FRAME_BYTES)) as { assessed: bigint; revision: number; status: string; adjustments: { measure: string; amount: bigint }[] };
      return { assessed: Number(assessed) / 100, revision, status, adjusted: Number(adjustments.find(({ measure }) => measure === 'assessed')?.amount ?? 0n) / 100 };
    });
  }
  last(): CellRecord | null | undefined { return this.records().at(-1); }

  async told(assessed: number): Promise<void> { await until(`${assessed} is told`, () => this.last()?.assessed === assessed); }

  async stop(): Promise<void> { await this.publisher?.stop(); this.publisher = undefined; }
  async close(): Promise<void> { await this.stop(); rmSync(this.home, { recursive: true, force: true }); }
}
