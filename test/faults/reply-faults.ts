/** Exactly one reply that never comes: what was asked has been done, and the service does not know. */
import { limits } from '../../services/limits';
import { script } from '../../services/shell/redis/script-runner';
import { pause } from '../support/until';
import type { Fault } from './fault';
import type { ProxyKind } from './reply-proxies';

const BROKER_LATE_MS = 33_000;
const STORE_LATE_MS = limits.redisTimeoutMs + 2_000;
const CLAIM_WITHIN_MS = 40_000;

/** Call by call, each swallowed once, with the connection closed in its place. */
const cut = (kind: ProxyKind, calls: readonly (readonly [call: string, client: string])[]): Fault => ({ surroundings: 'behind proxies', act: async ({ strike, proxies }) => {
  await strike();
  for (const [call, client] of calls) await proxies().swallow(kind, { call, client, lateMs: null });
} });

/** Longer than the client waits: it asks again, and then both answers are there. */
const late = (kind: ProxyKind, call: string, client: string, lateMs: number): Fault => ({ surroundings: 'behind proxies', act: async ({ strike, proxies }) => {
  await strike();
  await proxies().swallow(kind, { call, client, lateMs });
  await pause(lateMs);
} });

/** The claim is in force, and the one who made it does not know. */
const claimUnanswered: Fault = { surroundings: 'behind proxies', act: async ({ system, strike, proxies }) => {
  const pid = system.pidOf('aggregate');
  await strike();
  const swallowed = proxies().swallow('redis', { call: script('claim-3').digest, client: '', lateMs: null }, CLAIM_WITHIN_MS);
  process.kill(pid, 'SIGKILL');
  await swallowed;
} };

export const replyFaults: Readonly<Record<string, Fault>> = {
  'broker-reply-cut': cut('kafka', [
    ['Produce', 'tidewaiter-ingest'], ['Produce', 'tidewaiter-standardize'], ['Produce', 'tidewaiter-enrich'], ['Produce', 'tidewaiter-publish'],
    ['OffsetCommit', 'tidewaiter-standardize'], ['OffsetCommit', 'tidewaiter-aggregate'], ['Fetch', 'tidewaiter-enrich'], ['Fetch', 'tidewaiter-aggregate'], ['Heartbeat', 'tidewaiter-aggregate'],
  ]),
  'broker-reply-late': late('kafka', 'Produce', 'tidewaiter-enrich', BROKER_LATE_MS),
  'redis-reply-cut': cut('redis', [[script('apply-2').digest, ''], [script('read-ledger-1').digest, ''], [script('apply-2').digest, ''], [script('read-cells-n').digest, ''], ['XTRIM', ''], ['XRANGE', ''], ['PEXPIRE', ''], [script('apply-2').digest, '']]),
  'redis-reply-late': late('redis', script('apply-2').digest, '', STORE_LATE_MS),
  'claim-reply-cut': claimUnanswered,
};
