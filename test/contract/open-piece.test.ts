/** A piece of a backlog stays open over batches: what it has got is neither missed nor taken twice, and goes into the store as one change. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AggregateEvent } from '../../services/aggregate/piece';
import { aggregateStage } from '../../services/aggregate/stage';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { TakenBatch } from '../../services/shell/batch-queue';
import { PartitionCounter } from '../../services/shell/count-partition';
import { parsePosition } from '../../services/domain/position';
import { readCubes } from '../../services/shell/definition-files';
import { silentMeasurements } from '../../services/shell/measurements';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { PartitionOwner } from '../../services/shell/partition-owner';
import { StateReporter } from '../../services/shell/service-state';
import { countedTopic, rejectedTopic } from '../../services/topology';
import { enriched, origin, raw } from '../support/declarations';
import { ledgerEntries } from '../support/kept-facts';

const target = { topic: countedTopic, partition: 5 } as const;
const [END, ENDS_BEFORE, DECLARATIONS] = [40, 10, 6];
const eventAt = (offset: number): AggregateEvent => enriched(raw({ declarationId: `D${offset}`, eventId: `D${offset}/1` }), origin({ offset, partition: target.partition }));
const batch = (from: number, next: number): TakenBatch => ({
  ...target, from, next, end: END, generation: 0, records: Array.from({ length: next - from }, (_, index) => ({ offset: from + index, timestamp: 0, key: null, value: null, headers: [] })),
});

/** Where the partition stands with it, and whose entries it has. */
type Change = readonly [next: number | undefined, declarations: readonly string[]];
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
    ledger: ledgerEntries, readers: new Map([[countedTopic, { prepare: async () => undefined, read: (_, { offset }) => eventAt(offset) }]]),
    rejected: new Encoder(1, avroType(topicSchema(rejectedTopic))), state: new StateReporter(home, 'replay'), send: async () => undefined, turnToWork: async () => undefined, measurements: silentMeasurements, stopping: () => false,
    backlog: { endsBefore: ENDS_BEFORE, declarations: DECLARATIONS, increments: 1e6, pacing: { untilRoom: async () => undefined, between: async () => undefined } },
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

test('a batch without records at the end of the backlog closes it', async () => {
  const { counter, owner, changes, end } = await counting();
  await counter.count([batch(0, 4)]);
  expect(await counter.count([{ ...batch(4, 4), next: 33, records: [] }])).toBe('counted');
  expect([owner.position.next, changes[0]]).toEqual([33, [33, named(0, 4)]]);
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
