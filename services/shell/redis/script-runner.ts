/** The only folder that imports ioredis. Scripts by digest, own timeouts, and waiting while Redis is away. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import { silentMeasurements } from '../measurements';
import type { TroubleListener } from '../ports';
import { projectRoot } from '../project-root';
import { backoffMs, delay, monotonicMs } from '../waiting';

export type ScriptName = 'claim-2' | 'read-ledger-1' | 'apply-2' | 'read-bucket-2' | 'forget-2' | 'read-figures-n' | 'read-cells-n' | 'copy-hashes-n';
type Argument = string | number | Buffer;

interface Script { readonly text: string; readonly digest: string }
const scripts = new Map<ScriptName, Script>();

function script(name: ScriptName): Script {
  let found = scripts.get(name);
  if (!found) {
    const text = readFileSync(join(projectRoot(), 'services/shell/redis/scripts', `${name}.lua`), 'utf8');
    scripts.set(name, (found = { text, digest: createHash('sha1').update(text).digest('hex') }));
  }
  return found;
}

const passing = /ECONN|EPIPE|ETIMEDOUT|closed|timed out|LOADING|OOM|MASTERDOWN|NOREPLICAS|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|max retries|MISCONF|not writeable|EAI_AGAIN|EHOSTUNREACH/i;
/** Errors that a later try may not meet again: Redis is away, loading, or takes no writes (memory or disk full, too few replicas). */
export const isPassing = (error: string): boolean => passing.test(error);

/** The client is about to try, or trying, to reach Redis. */
const away: ReadonlySet<string> = new Set(['connecting', 'connect', 'reconnecting', 'close']);

export class ScriptRunner {
  readonly redis: Redis;
  private closed = false;
  private troubled = false;

  constructor(url: string, private readonly logger: Logger, private readonly onTrouble: TroubleListener = () => undefined, options: RedisOptions = {}, private readonly measurements = silentMeasurements) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      protocol: 2,
      commandTimeout: limits.redisTimeoutMs,
      connectTimeout: limits.redisConnectMs,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(limits.backoffMaxMs, limits.redisReconnectStepMs * attempt),
      ...options,
    });
    this.redis.on('error', (error: Error) => this.logger.debug({ error: error.message }, 'redis connection'));
  }

  /** Replies are buffers, as ledger entries are bytes. */
  async run(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const startMs = monotonicMs();
    let failed = true;
    try {
      const reply = await this.evaluate(name, keys, args);
      failed = false;
      return reply;
    } finally {
      this.measurements.script(name, (monotonicMs() - startMs) / 1_000, failed);
    }
  }

  private async evaluate(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const { text, digest } = script(name);
    try {
      return await this.redis.callBuffer('EVALSHA', digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.redis.callBuffer('EVAL', text, keys.length, ...keys, ...args);
    }
  }

  /**
   * As `run`, again and again while Redis is away. Safe because every script that writes compares
   * first: one that was carried out although its answer was lost says so the second time.
   */
  async runPatiently(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.patiently(() => this.run(name, keys, args));
  }

  async patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await call();
        if (this.troubled) { this.troubled = false; this.onTrouble(undefined); }
        return answer;
      } catch (error) {
        const message = (error as Error).message;
        if (this.closed || !isPassing(message)) throw error;
        this.troubled = true;
        this.onTrouble(`redis: ${message}`);
        this.logger.warn({ error: message, attempt }, 'redis does not answer; trying again');
        await delay(backoffMs(attempt));
        await this.connected();
      }
    }
  }

  /** What follows `prefix` in the names of the keys that begin with it. A key may come twice while the table grows. */
  async *keysFrom(prefix: string): AsyncIterable<string> {
    let cursor = '0';
    do {
      const [next, keys] = await this.patiently(() => this.redis.scan(cursor, 'MATCH', `${prefix.replace(/[[\]?*\\]/g, '\\$&')}*`, 'COUNT', 1_000));
      for (const key of keys) yield key.slice(prefix.length);
      cursor = next;
    } while (cursor !== '0');
  }

  /** Each call made while Redis is away would wait in the client's queue, with all its arguments, also after it has timed out: one of each caller is enough. */
  private async connected(): Promise<void> {
    while (!this.closed && away.has(this.redis.status)) await delay(limits.backoffMinMs);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.redis.disconnect();
  }
}

/** A reply as text; none as an empty one. */
export const text = (reply: unknown): string => {
  if (Buffer.isBuffer(reply)) return reply.toString('utf8');
  return typeof reply === 'string' || typeof reply === 'number' ? String(reply) : '';
};
