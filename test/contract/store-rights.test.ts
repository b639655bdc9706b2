/** A user that loses a right while it counts, in Redis: whatever its scripts had written by then, the change is there once in the end. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { FigureChange } from '../../services/shell/figure-store';
import { Keys } from '../../services/shell/redis/keys';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { ScriptRunner } from '../../services/shell/redis/script-runner';
import { countedTopic } from '../../services/topology';
import { incrementsOf } from '../support/increments';
import { atOnce } from '../support/step-pacing';
import { describeOnStack, requireStack } from '../support/test-stack';

const target = { topic: countedTopic, partition: 0 } as const;
const few = 'revenue/a/day/1';
const many = 'statistics/b/day/1';
const long = 'statistics/c/day/1';
jest.setTimeout(30_000);

/** Sums that are added one by one, together, and one by one since they are long; entries, index, and what publish is told. */
const change = (inSteps: boolean): FigureChange => ({
  increments: incrementsOf([[few, [['c:lines', 1]]], [many, Array.from({ length: 10 }, (_, cell) => [`c${cell}:lines`, cell + 1] as const)], [long, Array.from({ length: 5 }, (_, cell) => [`c${cell}:value`, 2n ** 60n + BigInt(cell)] as const)]]),
  entries: new Map([['D1', Buffer.from('facts')]]), index: new Map([['2026-03-15', ['D1']]]), changed: inSteps ? '' : `${few}|c`,
  ...(inSteps ? { inSteps: atOnce } : {}),
});

describeOnStack('rights', () => {
  const user = `rights-${randomUUID().slice(0, 8)}`;
  let admin: ScriptRunner;
  let runner: ScriptRunner;
  beforeAll(async () => {
    const settings = { urls: [requireStack().redisUrl] };
    admin = new ScriptRunner(settings, pino({ level: 'silent' }));
    runner = new ScriptRunner({ ...settings, username: user, password: 'secret' }, pino({ level: 'silent' }));
    await admin.redis.call('ACL', 'SETUSER', user, 'on', '>secret', '~*', '+@all');
  });
  afterAll(async () => {
    await admin.redis.call('ACL', 'DELUSER', user);
    for (const each of [admin, runner]) await each.close();
  });

  test.each([false, true].flatMap((inSteps) => ['hincrby', 'hset', 'hmget', 'append', 'xadd', 'lpop', 'hdel'].map((right) => [right, inSteps] as const)))('without %s (in steps: %s) nothing is counted in part, and with it everything once', async (right, inSteps) => {
    const keys = new Keys(`rights-${randomUUID().slice(0, 8)}`, 1);
    const ledger = new RedisLedgerStore(runner, keys, 4);
    const sums = async (hash: string): Promise<Record<string, string>> => Object.fromEntries(Object.entries(await admin.redis.hgetall(keys.cells(0) + hash)).filter(([, value]) => value !== '0'));
    await ledger.claim(target, 'A', 'manifest');
    await ledger.apply(target, 'A', '', 'p0', { increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' });
    await admin.redis.call('ACL', 'SETUSER', user, `-${right}`);
    let refused = 0;
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await ledger.apply(target, 'A', 'p0', 'p1', change(inSteps));
      if (typeof answer === 'object' && 'unwritable' in answer) refused++;
      if (refused > 0 && !inSteps) expect([await sums(few), await sums(many), await sums(long)]).toEqual([{}, {}, {}]);
    }
    await admin.redis.call('ACL', 'SETUSER', user, `+${right}`);
    if (refused > 0 && !inSteps) expect([refused, await ledger.apply(target, 'A', 'p0', 'p1', change(inSteps))]).toEqual([3, 'applied']);
    /** What was begun in steps is finished by a claim. */
    else expect(await ledger.claim(target, 'B', 'manifest')).toEqual({ position: expect.stringMatching(/^p[01]$/) as string });
    if ((await ledger.readLedger(target, [])).position === 'p0') expect(await ledger.apply(target, 'B', 'p0', 'p1', change(inSteps))).toBe('applied');
    expect(await sums(few)).toEqual({ 'c:lines': '1' });
    expect(await sums(many)).toEqual(Object.fromEntries(Array.from({ length: 10 }, (_, cell) => [`c${cell}:lines`, String(cell + 1)])));
    expect(await sums(long)).toEqual(Object.fromEntries(Array.from({ length: 5 }, (_, cell) => [`c${cell}:value`, String(2n ** 60n + BigInt(cell))])));
    expect((await ledger.readLedger(target, ['D1'])).entries).toEqual([Buffer.from('facts')]);
    expect(await ledger.readIndex(target, ['2026-03-15'])).toEqual(['D1']);
    await admin.redis.del(...(await admin.redis.keys(`${keys.prefix(0)}*`)));
  });
});
