/** The figures' store in memory and in Redis, behind the same ports; a namespace of its own for each test. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { ClosedStore } from '../../services/shell/closed-store';
import type { FigureReader, LedgerStore } from '../../services/shell/figure-store';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { Keys } from '../../services/shell/redis/keys';
import { RedisClosedStore } from '../../services/shell/redis/redis-closed-store';
import { RedisFigureReader } from '../../services/shell/redis/redis-figure-reader';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { ScriptRunner } from '../../services/shell/redis/script-runner';
import { aggregateInputs } from '../../services/topology';
import { requireStack } from './test-stack';

export interface StoreWorld {
  readonly ledger: LedgerStore;
  readonly reader: FigureReader;
  readonly closed: ClosedStore;
  /** A period of this world alone: signed-off figures lie outside namespaces. */
  readonly period: string;
  /** Everything of the namespace is gone, as after FLUSHALL. */
  empty(): Promise<void>;
  /** The store answers, and takes no writes, as with a full disk or too little memory. */
  refuseWrites(refuse: boolean): Promise<void>;
  close(): Promise<void>;
}
export const STORE_PARTITIONS = 2;
const BUCKETS = 4;

export function memoryStoreWorld(): StoreWorld {
  const store = new MemoryStore({ partitions: STORE_PARTITIONS, buckets: BUCKETS });
  return { ledger: store.ledger(), reader: store.reader(), closed: store.closed(), period: '2026-03', empty: async () => store.figures.flush(), refuseWrites: async (refuse) => { store.figures.full = refuse; }, close: async () => undefined };
}

export function redisStoreWorld(): StoreWorld {
  const keys = new Keys(`contract-${randomUUID().slice(0, 8)}`, 1);
  const logger = pino({ level: 'silent' });
  const runner = (): ScriptRunner => new ScriptRunner(requireStack().redisUrl, logger);
  const [own, ledger, reader] = [runner(), new RedisLedgerStore(runner(), keys, BUCKETS), new RedisFigureReader(runner(), keys, aggregateInputs, STORE_PARTITIONS)];
  const closed = new RedisClosedStore(runner(), keys, aggregateInputs, STORE_PARTITIONS);
  const period = `test-${randomUUID().slice(0, 8)}`;
  const empty = async (): Promise<void> => {
    const names = await own.redis.keys(`${keys.prefix(0)}*`);
    if (names.length > 0) await own.redis.del(...names);
  };
  /** The condition that a test may set; the server refuses as it does when its disk is full, before the first write of a script. */
  const refuseWrites = async (refuse: boolean): Promise<void> => { await own.redis.config('SET', 'min-replicas-to-write', refuse ? '1' : '0'); };
  return { ledger, reader, closed, period, empty, refuseWrites, close: async () => { await empty(); await closed.unseal(period, await closed.frozenNames(period)); await closed.close(); await ledger.close(); await reader.close(); await own.close(); } };
}
