/** A store that takes no writes is waited for, and said to be, until it answers anything else: also when it has become another one meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateStage } from '../../services/aggregate/stage';
import { avroType, Decoder, Encoder } from '../../services/shell/avro/codec';
import { ledgerSchema, topicSchema } from '../../services/shell/avro/schema-files';
import { PartitionCounter, type CountingOutcome } from '../../services/shell/count-partition';
import { readCubes } from '../../services/shell/definition-files';
import { readAsIs } from '../../services/shell/event-reader';
import type { ApplyAnswer } from '../../services/shell/figure-store';
import { LedgerEntries } from '../../services/shell/ledger-entries';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { PartitionOwner } from '../../services/shell/partition-owner';
import { silentMeasurements } from '../../services/shell/measurements';
import { StateReporter } from '../../services/shell/service-state';
import { countedTopic, rejectedTopic } from '../../services/topology';
import { until } from '../support/until';
import { stopReason } from '../../services/shell/stop-reasons';

const target = { topic: countedTopic, partition: 0 } as const;

test.each<readonly [ApplyAnswer, CountingOutcome]>([
  ['applied', 'counted'], ['moved', { moved: 'moved' }], ['fenced', { moved: 'fenced' }], ['lost', { moved: 'lost' }],
  [{ overflow: 'a cell' }, { stopped: stopReason('overflow', 'a figure would leave the 64 bits that the store holds: a cell') }],
])('a full store that then answers %p', async (last, expected) => {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const state = new StateReporter(home, 'aggregate');
  const ledger = new MemoryStore({ partitions: 1 }).ledger();
  const claim = await PartitionOwner.claim(ledger, target, 'manifest', { start: 0, end: 1 });
  if (!('owner' in claim)) throw new Error(claim.stopped);
  const answers: ApplyAnswer[] = [{ unwritable: 'OOM' }, last];
  ledger.apply = async () => answers.shift() as ApplyAnswer;
  const counter = new PartitionCounter(aggregateStage(readCubes(), 'UTC', 0), {
    ledger: new LedgerEntries(avroType(ledgerSchema())), readers: new Map([[countedTopic, readAsIs(new Decoder(avroType(topicSchema(countedTopic)), new MemoryRegistry()))]]),
    rejected: new Encoder(1, avroType(topicSchema(rejectedTopic))), state, send: async () => undefined, turnToWork: async () => undefined, measurements: silentMeasurements, stopping: () => false,
  }, claim.owner);
  const outcome = counter.count([{ ...target, from: 0, next: 1, end: 1, records: [], generation: 0 }]);
  await until('it says that it waits', () => state.waitingFor?.includes('takes no writes') === true);
  expect(await outcome).toEqual(expected);
  expect(state.waitingFor).toBeUndefined();
  rmSync(home, { recursive: true, force: true });
});
