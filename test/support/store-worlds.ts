/** The figures' store in memory and in Redis, behind the same ports; a namespace of its own for each test. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import pino from 'pino';
import type { ClosedStore } from '../../services/shell/closed-store';
import type { FigureReader, LedgerStore } from '../../services/shell/figure-store';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { Keys } from '../../services/shell/redis/keys';
import { RedisClosedStore } from '../../services/shell/redis/redis-closed-store';
import { UnpackedHashes } from '../../services/shell/redis/unpacked-hashes';
import { RedisFigureReader } from '../../services/shell/redis/redis-figure-reader';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { RedisRestoredStore } from '../../services/shell/redis/redis-restored-store';
import type { RestoredStore } from '../../services/shell/restored-store';
import { ScriptRunner } from '../../services/shell/redis/script-runner';
import { aggregateInputs } from '../../services/topology';
import { requireStack, testStack } from './test-stack';
import { until } from './until';

export interface StoreWorld {
  readonly ledger: LedgerStore;
  readonly reader: FigureReader;
  readonly closed: ClosedStore;
  readonly restored: RestoredStore;
  /** A period of this world alone: signed-off figures lie outside namespaces. */
  readonly period: string;
  /** Everything of the namespace is gone, as after FLUSHALL. */
  empty(): Promise<void>;
  /** The store answers, and takes no writes, as with a full disk. */
  refuseWrites(refuse: boolean): Promise<void>;
  /** Out of memory, and nothing may be evicted. */
  fill(full: boolean): Promise<void>;
  /** The owner's next call is carried out, its answer is lost, and its client asks again. */
  loseReply<Answer>(call: () => Promise<Answer>): Promise<Answer>;
  /** Restarted: the server does not know the scripts any more. */
  forgetScripts(): Promise<void>;
  /** Everything as it is now: claims, tokens, positions, figures, ledger, change list, notes, leases. Answers what brings it back, as a failover does. */
  remember(): Promise<() => Promise<void>>;
  /** Overwrites a sum: what is no number cannot be added to, and a script that meets it fails in the middle. */
  write(hash: string, field: string, value: string): Promise<void>;
  close(): Promise<void>;
}
export const STORE_PARTITIONS = 2;
const BUCKETS = 4;

export function memoryStoreWorld(): StoreWorld {
  const store = new MemoryStore({ partitions: STORE_PARTITIONS, buckets: BUCKETS });
  const { figures } = store;
  const fill = async (full: boolean): Promise<void> => { figures.full = full; };
  return {
    ledger: store.ledger(), reader: store.reader(), closed: store.closed(), restored: store.restored(), period: '2026-03', empty: async () => figures.flush(), refuseWrites: fill, fill,
    loseReply: (call) => { figures.loseReplies(1); return call(); },
    forgetScripts: async () => undefined,
    remember: async () => { const before = store.snapshot(); return async () => store.restore(before); },
    write: async (hash, field, value) => { figures.hash(store.keys.cells(0) + hash).set(field, value); },
    close: async () => undefined,
  };
}

export function redisStoreWorld(): StoreWorld {
  const keys = new Keys(`contract-${randomUUID().slice(0, 8)}`, 1);
  const logger = pino({ level: 'silent' });
  const runner = (): ScriptRunner => new ScriptRunner({ urls: [requireStack().redisUrl] }, logger);
  const [own, owner] = [runner(), runner()];
  const [ledger, reader] = [new RedisLedgerStore(owner, keys, BUCKETS), new RedisFigureReader(runner(), keys, aggregateInputs, STORE_PARTITIONS, new UnpackedHashes({ bytes: 1 << 20, bytesOfHash: 1 << 20, hashesAtOnce: 1_000 }))];
  const closed = new RedisClosedStore(runner(), keys, aggregateInputs, STORE_PARTITIONS);
  const restored = new RedisRestoredStore(runner(), keys);
  const period = `test-${randomUUID().slice(0, 8)}`;
  const names = (): Promise<string[]> => own.redis.keys(`${keys.prefix(0)}*`);
  const empty = async (): Promise<void> => {
    const all = await names();
    if (all.length > 0) await own.redis.del(...all);
  };
  /** The condition that a test may set; the server refuses as it does when its disk is full, before the first write of a script. */
  const refuseWrites = async (refuse: boolean): Promise<void> => { await own.redis.config('SET', 'min-replicas-to-write', refuse ? '1' : '0'); };
  const fill = async (full: boolean): Promise<void> => { await own.redis.config('SET', 'maxmemory', full ? '1' : '0'); };
  return {
    ledger, reader, closed, restored, period, empty, refuseWrites, fill,
    loseReply: (call) => loseReply(own, owner, call),
    forgetScripts: async () => { await own.redis.script('FLUSH'); },
    remember: () => remember(own, names, empty),
    write: async (hash, field, value) => { await own.redis.hset(keys.cells(0) + hash, field, value); },
    close: async () => { await empty(); await closed.unseal(period, await closed.frozenNames(period)); await closed.close(); await restored.close(); await ledger.close(); await reader.close(); await own.close(); },
  };
}

/** The socket is cut once the server has carried the script out; the client connects again and sends it again by itself. */
async function loseReply<Answer>(own: ScriptRunner, owner: ScriptRunner, call: () => Promise<Answer>): Promise<Answer> {
  await owner.redis.ping();
  const scriptsRun = async (): Promise<number> => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await own.redis.info('commandstats'))?.[1] ?? 0);
  const before = await scriptsRun();
  const { stream } = owner.redis as unknown as { stream: Socket };
  stream.pause();
  const answer = call();
  await until('the script is carried out', async () => (await scriptsRun()) > before);
  stream.destroy();
  return answer;
}

/** Everything as it is now; answers what brings it back, as a failover does. */
export async function remember(own: ScriptRunner, names: () => Promise<string[]>, empty: () => Promise<void>): Promise<() => Promise<void>> {
  const kept = await Promise.all((await names()).map(async (name) => ({ name, life: Math.max(0, await own.redis.pttl(name)), bytes: await own.redis.dumpBuffer(name) })));
  return async () => {
    await empty();
    for (const { name, life, bytes } of kept) if (bytes) await own.redis.restore(name, life, bytes);
  };
}

/** Both adapters; Redis where a stack was given. */
export const storeWorlds: readonly (readonly [string, () => StoreWorld])[] = [['memory', memoryStoreWorld], ...(testStack ? [['redis', redisStoreWorld] as const] : [])];
