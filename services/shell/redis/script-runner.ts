/** The only folder that imports ioredis. Scripts by digest, own timeouts, and waiting while Redis is away. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, type Redis } from 'ioredis';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import { silentMeasurements } from '../measurements';
import type { TroubleListener } from '../ports';
import { projectRoot } from '../project-root';
import { backoffMs, delay, monotonicMs } from '../waiting';
import { holderOf, openRedis, type RedisConnection, type RedisSettings } from './redis-connection';

export type ScriptName = 'claim-3' | 'claim-anew-3' | 'put-step-2' | 'take-step-2' | 'read-ledger-1' | 'apply-2' | 'read-bucket-2' | 'forget-2' | 'read-figures-n' | 'read-cells-n' | 'read-moment-n' | 'copy-hashes-n' | 'write-directory-1';
type Argument = string | number | Buffer;

interface Script { readonly text: string; readonly digest: string }
const scripts = new Map<ScriptName, Script>();

const textOf = (file: string): string => readFileSync(join(projectRoot(), 'services/shell/redis/scripts', `${file}.lua`), 'utf8');

/** A script as it is sent: before it, what of scripts/shared its line `-- with …` names. Its digest is what the server knows it by. */
export function script(name: ScriptName): Script {
  let found = scripts.get(name);
  if (!found) {
    const own = textOf(name);
    const shared = /^-- with (.+)$/m.exec(own)?.[1]?.split(', ') ?? [];
    const text = [...shared.map((part) => textOf(`shared/${part}`)), own].join('\n');
    scripts.set(name, (found = { text, digest: createHash('sha1').update(text).digest('hex') }));
  }
  return found;
}

/** Scripts that only read: a user without the right to change figures may run them, and so may one of a Redis that is full. */
const reading: ReadonlySet<ScriptName> = new Set(['read-ledger-1', 'read-bucket-2', 'read-figures-n', 'read-cells-n', 'read-moment-n']);

const passing = /ECONN|EPIPE|ETIMEDOUT|closed|timed out|LOADING|OOM|MASTERDOWN|NOREPLICAS|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|max retries|MISCONF|not writeable|EAI_AGAIN|EHOSTUNREACH/i;
/** A cluster that is not reached yet, or not any more. */
const clusterAway = /isn't ready|slots cache|startup nodes|Cluster is |redirections/i;
/** The user may not: somebody may give it the right, or the password, at any time. */
const refused = /NOPERM|NOAUTH|WRONGPASS|can't run this command/;
/** Errors that a later try may not meet again: Redis is away, loading, takes no writes (memory or disk full, too few replicas), or has not been told who we are. */
export const isPassing = (error: string): boolean => [passing, clusterAway, refused].some((pattern) => pattern.test(error));

const SCANNED_AT_ONCE = 1_000;

/** The client is about to try, or trying, to reach Redis. */
const away: ReadonlySet<string> = new Set(['connecting', 'connect', 'reconnecting', 'close']);

export class ScriptRunner {
  readonly redis: RedisConnection;
  private closed = false;
  private troubled = false;
  /** How many there have been: each may lead to another server. */
  private connections = 0;
  /** Why the last connection failed: commands that time out do not say. */
  private connectionFault: string | undefined;

  constructor(private readonly settings: RedisSettings, private readonly logger: Logger, private readonly onTrouble: TroubleListener = () => undefined, private readonly measurements = silentMeasurements) {
    this.redis = openRedis(settings);
    this.redis.on('error', (error: Error & { lastNodeError?: Error }) => {
      this.connectionFault = (error.lastNodeError ?? error).message;
      this.logger.debug({ error: this.connectionFault }, 'redis connection');
    });
    this.redis.on('ready', () => { this.connectionFault = undefined; this.connections++; });
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
    const [known, unknown] = reading.has(name) ? ['EVALSHA_RO', 'EVAL_RO'] : ['EVALSHA', 'EVAL'];
    try {
      return await this.redis.callBuffer(known, digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.redis.callBuffer(unknown, text, keys.length, ...keys, ...args);
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
        await this.opened();
        const answer = await call();
        if (this.troubled) { this.troubled = false; this.onTrouble(undefined); }
        return answer;
      } catch (error) {
        const message = (error as Error).message;
        if (this.closed || !isPassing(message)) throw error;
        this.troubled = true;
        const words = this.inWords(message);
        this.onTrouble(words);
        this.logger.warn({ error: words, attempt }, 'redis does not answer; trying again');
        await delay(backoffMs(attempt));
        await this.connected();
      }
    }
  }

  /** Without its queue a cluster refuses commands before it is connected. */
  private async opened(): Promise<void> {
    if (this.redis instanceof Cluster && this.redis.status === 'wait') await this.redis.connect();
  }

  /** What a right or a password that is missing means to whoever must give it; undefined: the error is about something else. */
  refusal(message: string): string | undefined {
    return refused.test(message) ? `redis refuses ${this.settings.username ?? 'the default user'}: ${message}; infra/rights/redis-users.acl has what each service needs` : undefined;
  }

  private inWords(message: string): string {
    const fault = this.connectionFault;
    const why = fault === undefined || message.includes(fault) ? message : `${message} (${fault})`;
    return this.refusal(why) ?? `redis: ${why}`;
  }

  /**
   * What follows `prefix` in the names of the keys that begin with it. It must begin with a hash tag, as one server
   * holds all of these. A cursor is a place in the table of one server, and says nothing to another: after each new
   * connection the first page is asked for again. Going on would leave keys out, after a failover most of them
   * (`scripts/faults --only redis-failover-twice` found a month withdrawn from its topic). A key may come twice.
   */
  async *keysFrom(prefix: string): AsyncIterable<string> {
    const pattern = `${prefix.replace(/[[\]?*\\]/g, '\\$&')}*`;
    let cursor = '0';
    let before: { readonly server: Redis; readonly connections: number } | undefined;
    for (;;) {
      const { server, page: [next, keys] } = await this.patiently(async () => {
        const holder = await holderOf(this.redis, prefix);
        return { server: holder, page: await holder.scan(cursor, 'MATCH', pattern, 'COUNT', SCANNED_AT_ONCE) };
      });
      const { connections } = this;
      const another = before?.server !== server || before.connections !== connections;
      before = { server, connections };
      if (another && cursor !== '0') { cursor = '0'; continue; }
      for (const key of keys) yield key.slice(prefix.length);
      if (next === '0') return;
      cursor = next;
    }
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
