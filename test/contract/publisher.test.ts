/** What the publisher does where the topics or the store are not as it left them: on the in-memory broker and store. */
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
import { aggregateInputs, countedTopic, subjectOf } from '../../services/topology';
import { incrementsOf } from '../support/increments';
import { until } from '../support/until';

const topic = 'customs.aggregates.revenue.v1';
const hash = 'revenue/office-taxType-chapter/month/2026-03';
const cell = 'KIN01|CUD|87';
const key = `${hash}|${cell}`;
const target = { topic: countedTopic, partition: 0 } as const;
jest.setTimeout(30_000);

class World {
  readonly broker = new MemoryBroker({ partitions: 1 });
  readonly store = new MemoryStore({ partitions: 1 });
  private readonly registry = new MemoryRegistry();
  private readonly home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  private readonly type = avroType(topicSchema(topic));
  private publisher: RunningService | undefined;
  private next = 0;
  private text = '';

  async open(): Promise<void> {
    for (const schema of allTopicSchemas()) await this.registry.register(subjectOf(schema.topic), schema.text);
    for (const input of aggregateInputs) {
      const claimed = { topic: input, partition: 0 };
      await this.store.ledger().claim(claimed, 'me', 'made of this');
      await this.store.ledger().apply(claimed, 'me', '', this.position(0), { increments: incrementsOf([]), entries: new Map(), changed: '' });
    }
    this.text = this.position(0);
  }

  private position(next: number): string { return formatPosition({ next, marks: {}, streamTimeMs: Date.parse('2026-03-15T10:00:00Z'), target: 0, last: '' }); }

  /** The cell gets this much more, and stands in the change list. */
  async add(amount: number): Promise<void> {
    this.broker.appendMarker(target);
    await this.apply({ increments: incrementsOf([[hash, [[`${cell}:assessed`, amount]]]]), entries: new Map(), changed: key });
  }

  private async apply(change: FigureChange): Promise<void> {
    const text = this.position(++this.next);
    expect(await this.store.ledger().apply(target, 'me', this.text, text, change)).toBe('applied');
    this.text = text;
  }

  /** The log was counted again, and what is in it is no revenue any more. */
  async countedOtherwise(empty: ReturnType<MemoryStore['snapshot']>): Promise<void> {
    const records = this.next;
    this.store.restore(empty);
    this.next = 0;
    this.text = this.position(0);
    for (let record = 0; record < records; record++) await this.apply({ increments: incrementsOf([]), entries: new Map(), changed: '' });
  }

  async publish(): Promise<void> {
    const unused = (): never => { throw new Error('not needed'); };
    this.publisher = await startPublish({
      config: readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_HOME: this.home }), logger: pino({ level: 'silent' }), state: new StateReporter(this.home, 'publish'),
      neighbours: { log: () => new MemoryLog(this.broker), registry: () => this.registry, ledger: unused, figures: () => this.store.reader() }, untilReady: (_neighbour, call) => call(),
    });
  }

  /** The cell's records in the order of the log: minor units and revision, null for a tombstone. */
  records(): ({ assessed: number; revision: number } | null)[] {
    const log = this.broker.partition({ topic, partition: 0 });
    return (log.fetch(log.start, Infinity)?.records ?? []).filter((record) => record.key?.toString() === key).map(({ value }) => {
      if (value === null) return null;
      const { assessed, revision } = this.type.fromBuffer(value.subarray(FRAME_BYTES)) as { assessed: bigint; revision: number };
      return { assessed: Number(assessed) / 100, revision };
    });
  }
  last(): { assessed: number; revision: number } | null | undefined { return this.records().at(-1); }

  async told(assessed: number): Promise<void> { await until(`${assessed} is told`, () => this.last()?.assessed === assessed); }

  async stop(): Promise<void> { await this.publisher?.stop(); this.publisher = undefined; }
  async close(): Promise<void> { await this.stop(); rmSync(this.home, { recursive: true, force: true }); }
}

describe('the publisher', () => {
  let world: World;
  beforeEach(async () => { world = new World(); await world.open(); });
  afterEach(() => world.close());

  test('a send that was given up and comes late lies behind a newer record, and compaction would keep it: the cell is told anew', async () => {
    await world.publish();
    let total = 0;
    const add = async (amount: number): Promise<void> => { await world.add(amount); await world.told(total += amount); };
    const highest = (): number => Math.max(...world.records().map((record) => record?.revision ?? -1));
    await add(100);
    /** The send that is late may be one of positions: then once more. */
    do {
      world.broker.failSends('late');
      await add(50);
      await add(7);
    } while (world.broker.releaseLateAppends() === 0 || world.last()?.revision === highest());
    const before = highest();
    expect(world.last()?.assessed).toBeLessThan(total);
    await world.told(total);
    expect(world.last()?.revision).toBeGreaterThan(before);
    world.broker.compact(topic);
    expect(world.records().map((record) => record?.assessed)).toEqual([total]);
  });

  test('a store that went back in time has entries again that were published: they are let go', async () => {
    await world.add(100);
    const before = world.store.snapshot();
    await world.publish();
    await world.told(100);
    const reader = world.store.reader();
    await until('the list is empty', async () => (await reader.changesLength()) === 0);
    world.store.restore(before);
    expect(await reader.changesLength()).toBe(1);
    await until('the list is empty again', async () => (await reader.changesLength()) === 0);
    expect(world.records().every((record) => record?.assessed === 100)).toBe(true);
  });

  test('a cell that no figure stands behind is withdrawn: zero, then a tombstone; when it comes again it is told above both', async () => {
    await world.publish();
    const empty = world.store.snapshot();
    await world.add(100);
    await world.told(100);
    await world.stop();
    await world.countedOtherwise(empty);
    await world.publish();
    await until('it is withdrawn', () => world.last() === null);
    await world.add(70);
    await world.told(70);
    const records = world.records();
    expect(records.map((record) => record?.assessed ?? null)).toEqual([100, 0, null, 70]);
    expect(records[3]?.revision).toBeGreaterThan(records[1]?.revision ?? Infinity);
  });
});
