/** A claim that is answered after its partition went to another worker: the first one must forget it. In memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startAggregate } from '../../services/aggregate/start';
import { allTopicSchemas } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import type { LedgerStore } from '../../services/shell/figure-store';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import type { TopicPartition } from '../../services/shell/ports';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { subjectOf } from '../../services/topology';
import { pause, until } from '../support/until';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

test('a partition that was lost while it was claimed is neither owned nor committed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const broker = new MemoryBroker({ partitions: 2 });
  const store = new MemoryStore({ partitions: 2, buckets: 16 });
  const registry = new MemoryRegistry();
  for (const { topic, text } of allTopicSchemas()) await registry.register(subjectOf(topic), text);
  const unused = (): never => { throw new Error('aggregate reads no figures'); };
  const start = (ledger: LedgerStore): Promise<RunningService> => startAggregate({
    config: readConfig({ TIDEWAITER_PARTITIONS: '2', TIDEWAITER_LEDGER_BUCKETS: '16', TIDEWAITER_HOME: home }), logger: pino({ level: 'silent' }), state: new StateReporter(home, 'aggregate'),
    neighbours: { log: () => new MemoryLog(broker), registry: () => registry, ledger: () => ledger, figures: unused, closed: unused, directory: unused }, untilReady: (_neighbour, call) => call(),
  });
  /** The store of a worker, whose first claims wait; and what it claimed, in the order of the answers. */
  const claims: Record<'first' | 'second', string[]> = { first: [], second: [] };
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => { answer = resolve; });
  let slow = true;
  const ledgerOf = (worker: 'first' | 'second'): LedgerStore => {
    const ledger = store.ledger();
    const claim = ledger.claim.bind(ledger);
    ledger.claim = async (target, token, manifest) => {
      if (worker === 'first' && slow) await answered;
      const given = await claim(target, token, manifest);
      claims[worker].push(keyOf(target));
      return given;
    };
    return ledger;
  };
  const group = broker.group('aggregate');
  const first = await start(ledgerOf('first'));
  await until('the first worker is a member', () => group.members.length === 1 && group.generation === 1);
  await pause(50);
  slow = false;
  const second = await start(ledgerOf('second'));
  await until('both have their share', () => group.generation === 2 && claims.first.length === 2 && claims.second.length === 2);
  answer();
  await until('the late claims are answered', () => claims.first.length === 6);
  await pause(100);
  const committed: string[] = [];
  const commit = group.commit.bind(group);
  group.commit = (member, positions) => { committed.push(...positions.map(keyOf)); commit(member, positions); };
  await first.stop();
  expect(committed.sort()).toEqual(claims.first.slice(0, 2).sort());
  expect(committed.filter((key) => claims.second.slice(0, 2).includes(key))).toEqual([]);
  await second.stop();
  rmSync(home, { recursive: true, force: true });
}, 30_000);
