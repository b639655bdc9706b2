/** A piece of a backlog stays open over batches: what it has got is neither missed nor taken twice, and goes into the store as one change. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { AggregateEvent } from '../../services/aggregate/piece';
import { aggregateStage } from '../../services/aggregate/stage';
import { parsePosition } from '../../services/domain/position';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { TakenBatch } from '../../services/shell/batch-queue';
import { PartitionCounter, type CountingTools } from '../../services/shell/count-partition';
import { readCubes } from '../../services/shell/definition-files';
import { silentMeasurements } from '../../services/shell/measurements';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { PartitionOwner } from '../../services/shell/partition-owner';
import type { Log, SourceHandlers } from '../../services/shell/ports';
import { CountingRunner } from '../../services/shell/run-counting';
import { StateReporter } from '../../services/shell/service-state';
import { countedTopic, rejectedTopic } from '../../services/topology';
import { enriched, origin, raw } from '../support/declarations';
import { ledgerEntries } from '../support/kept-facts';
import { pause, until } from '../support/until';

const target = { topic: countedTopic, partition: 5 } as const;
const [END, ENDS_BEFORE, DECLARATIONS] = [40, 10, 6];
const eventAt = (offset: number): AggregateEvent => enriched(raw({ declarationId: `D${offset}`, eventId: `D${offset}/1` }), origin({ offset, partition: target.partition }));
const batch = (from: number, next: number): TakenBatch => ({
  ...target, from, next, end: END, generation: 0, records: Array.from({ length: next - from }, (_, index) => ({ offset: from + index, timestamp: 0, key: null, value: null, headers: [] })),
});

/** Where the partition stands with it, and whose entries it has. */
type Change = readonly [next: number | undefined, declarations: readonly string[]];
const backlog = { endsBefore: ENDS_BEFORE, declarations: DECLARATIONS, increments: 1e6, pacing: { untilRoom: async () => undefined, between: async () => undefined } };
const readersThat = (prepare: () => Promise<void>): CountingTools<AggregateEvent>['readers'] => new Map([[countedTopic, { prepare, read: (_, { offset }) => eventAt(offset) }]]);
const rejected = new Encoder(1, avroType(topicSchema(rejectedTopic)));
interface Counted { readonly counter: PartitionCounter<AggregateEvent>; readonly owner: PartitionOwner; readonly changes: Change[]; readonly end: () => void }
async function counting(): Promise<Counted> {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const ledger = new MemoryStore({ partitions: 6 }).ledger();
  const claim = await PartitionOwner.claim(ledger, target, 'manifest', { start: 0, end: END });
  if (!('owner' in claim)) throw new Error(claim.stopped);
  const changes: Change[] = [];
  const apply = ledger.apply.bind(ledger);
  ledger.apply = (...args) => { changes.push([parsePosition(args[3])?.next, [...args[4].entries.keys()]]); return apply(...args); };
  const counter = new PartitionCounter<AggregateEvent>(aggregateStage(readCubes(), 'UTC', 0), {
    ledger: ledgerEntries, readers: readersThat(async () => undefined), rejected, backlog, state: new StateReporter(home, 'replay'), send: async () => undefined, turnToWork: async () => undefined, measurements: silentMeasurements, stopping: () => false,
  }, claim.owner);
  return { counter, owner: claim.owner, changes, end: () => rmSync(home, { recursive: true, force: true }) };
}
const named = (from: number, next: number): string[] => Array.from({ length: next - from }, (_, index) => `D${from + index}`);

test('over batches, with records that come again, up to its size; near the end of the log it is closed where it stands', async () => {
  const { counter, owner, changes, end } = await counting();
  expect(await counter.count([batch(0, 4)])).toBe('counted');
  expect([owner.position.next, changes]).toEqual([0, []]);
  expect(await counter.count([batch(2, 6)])).toBe('counted');
  expect([owner.position.next, changes]).toEqual([6, [[6, named(0, 6)]]]);
  expect(await counter.count([batch(6, 10)])).toBe('counted');
  expect(await counter.count([batch(5, 9)])).toBe('counted');
  expect(owner.position.next).toBe(6);
  expect(await counter.count([batch(10, 35)])).toBe('counted');
  expect([owner.position.next, changes.slice(1)]).toEqual([35, [[10, named(6, 10)], [35, named(10, 35)]]]);
  end();
});

test('records that were not delivered are missed: nothing of what comes behind them is counted', async () => {
  const { counter, owner, changes, end } = await counting();
  await counter.count([batch(0, 4)]);
  expect(await counter.count([batch(5, 9)])).toEqual({ moved: 'records between the position and the batch were not delivered' });
  expect([owner.position.next, changes]).toEqual([0, []]);
  end();
});

test('a batch without records at the end of the backlog closes it where it stands: what lies beyond is no large change', async () => {
  const { counter, owner, changes, end } = await counting();
  await counter.count([batch(0, 4)]);
  expect(await counter.count([{ ...batch(4, 4), next: 33, records: [] }])).toBe('counted');
  expect([owner.position.next, changes]).toEqual([33, [[4, named(0, 4)], [33, []]]]);
  end();
});

test('a store that was claimed by another owner gets nothing of it', async () => {
  const { counter, owner, changes, end } = await counting();
  await counter.count([batch(0, 4)]);
  jest.spyOn(owner, 'apply').mockResolvedValueOnce('fenced');
  expect(await counter.count([batch(4, 6)])).toEqual({ moved: 'fenced' });
  expect(changes).toEqual([]);
  end();
});

/** The client jumped, or a partition has had another leader: it is claimed again while batches wait that lie behind the open piece. */
test('what waits is read again with the piece, as the piece goes with its owner', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const seek = jest.fn();
  let handlers = undefined as SourceHandlers | undefined;
  let held: Promise<void> = Promise.resolve();
  let reading = 0;
  const source = { start: async (given: SourceHandlers) => { handlers = given; }, seek, commit: async () => undefined, restart: () => undefined, stop: async () => undefined };
  const inspector = { offsets: async () => [{ partition: target.partition, start: 0, end: END }], close: async () => undefined };
  const store = new MemoryStore({ partitions: 6 });
  const state = new StateReporter(home, 'replay');
  const runner = new CountingRunner<AggregateEvent>(aggregateStage(readCubes(), 'UTC', 0), {
    ledger: ledgerEntries, readers: readersThat(() => { reading++; return held; }), rejected, backlog, state, measurements: silentMeasurements, store: store.ledger(), manifest: 'manifest', namespace: 'replay', logger: pino({ level: 'silent' }),
    log: { source: () => source, inspector: async () => inspector, sink: async () => ({ close: async () => undefined }) } as unknown as Log,
  });
  await runner.start();
  const stands = async (): Promise<number | undefined> => parsePosition((await store.ledger().readLedger(target, [])).position)?.next;
  await handlers?.assigned([target], []);
  await handlers?.fetched(batch(0, 4));
  await until('it is read', () => reading === 1);
  let release = (): void => undefined;
  held = new Promise((resolve) => { release = resolve; });
  await handlers?.fetched(batch(4, 5));
  await until('it is being read', () => reading === 2);
  await handlers?.fetched(batch(5, 6));
  await handlers?.assigned([target], []);
  release();
  await pause(50);
  await handlers?.fetched(batch(0, 6));
  await until('the piece is counted', async () => (await stands()) === 6);
  expect(seek).not.toHaveBeenCalled();
  await runner.stop();
  rmSync(home, { recursive: true, force: true });
});
