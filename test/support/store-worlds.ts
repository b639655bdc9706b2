/** The figures' store in memory and in Redis, behind the same ports; a namespace of its own for each test. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { FigureReader, LedgerStore } from '../../services/shell/figure-store';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { Keys } from '../../services/shell/redis/keys';
import { RedisFigureReader } from '../../services/shell/redis/redis-figure-reader';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { ScriptRunner } from '../../services/shell/redis/script-runner';
import { aggregateInputs } from '../../services/topology';
import { requireStack } from './test-stack';

export interface StoreWorld {
  readonly ledger: LedgerStore;
  readonly reader: FigureReader;
  /** Everything of the namespace is gone, as after FLUSHALL. */
  empty(): Promise<void>;
  close(): Promise<void>;
}
export const STORE_PARTITIONS = 2;
const BUCKETS = 4;

export function memoryStoreWorld(): StoreWorld {
  const store = new MemoryStore({ partitions: STORE_PARTITIONS, buckets: BUCKETS });
  return { ledger: store.ledger(), reader: store.reader(), empty: async () => store.figures.flush(), close: async () => undefined };
}

export function redisStoreWorld(): StoreWorld {
  const keys = new Keys(`contract-${randomUUID().slice(0, 8)}`, 1);
  const logger = pino({ level: 'silent' });
  const runner = (): ScriptRunner => new ScriptRunner(requireStack().redisUrl, logger);
  const [own, ledger, reader] = [runner(), new RedisLedgerStore(runner(), keys, BUCKETS), new RedisFigureReader(runner(), keys, aggregateInputs, STORE_PARTITIONS)];
  const empty = async (): Promise<void> => {
    const names = await own.redis.keys(`${keys.prefix(0)}*`);
    if (names.length > 0) await own.redis.del(...names);
  };
  return { ledger, reader, empty, close: async () => { await empty(); await ledger.close(); await reader.close(); await own.close(); } };
}
