/**
 * A change that is too large for one script, in Redis: cut off behind every script that it needs, it is found by the next
 * owner either as not begun, or is finished by it; never a part of it, never twice.
 */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { countedTopic } from '../../services/topology';
import { limits } from '../../services/limits';
import type { FigureChange } from '../../services/shell/figure-store';
import { Keys } from '../../services/shell/redis/keys';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { ScriptRunner, type ScriptName } from '../../services/shell/redis/script-runner';
import { incrementsOf } from '../support/increments';
import { atOnce } from '../support/step-pacing';
import { remember } from '../support/store-worlds';
import { describeOnStack, requireStack } from '../support/test-stack';

const target = { topic: countedTopic, partition: 0 } as const;
const BUCKETS = 4;
const INT64_MAX = 2n ** 63n - 1n;
jest.setTimeout(120_000);

/** Ends, as a killed process does, behind so many scripts that change something. */
class CutRunner extends ScriptRunner {
  scripts = 0;
  constructor(private readonly most: number, private readonly between: (name: ScriptName, args: readonly (string | number | Buffer)[], when: 'before' | 'after') => Promise<void> = async () => undefined) { super({ urls: [requireStack().redisUrl] }, pino({ level: 'silent' })); }

  override async run(name: ScriptName, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown> {
    if (this.scripts >= this.most) throw new Error('killed');
    this.scripts++;
    await this.between(name, args, 'before');
    const answer = await super.run(name, keys, args);
    await this.between(name, args, 'after');
    return answer;
  }
}

describeOnStack('a change in steps', () => {
  const open: ScriptRunner[] = [];
  let keys: Keys;
  let own: ScriptRunner;
  const store = (most = Infinity, between?: ConstructorParameters<typeof CutRunner>[1]): { ledger: RedisLedgerStore; runner: CutRunner } => {
    const runner = new CutRunner(most, between);
    open.push(runner);
    return { ledger: new RedisLedgerStore(runner, keys, BUCKETS), runner };
  };
  beforeEach(() => { keys = new Keys(`steps-${randomUUID().slice(0, 8)}`, 1); own = store().runner; });
  afterEach(async () => {
    await empty();
    for (const runner of open.splice(0)) await runner.close();
  });
  const names = (): Promise<string[]> => own.redis.keys(`${keys.prefix(0)}*`);
  async function empty(): Promise<void> {
    const all = await names();
    if (all.length > 0) await own.redis.del(...all);
  }

  const hashes = ['revenue/a/day/1', 'statistics/b/month/1', 'quality/c/day/1'];
  const cells = Math.ceil((limits.incrementsPerStep * 2.5) / hashes.length);
  const change = (): FigureChange => ({
    increments: incrementsOf(hashes.map((hash, number) => [hash, Array.from({ length: cells }, (_, cell) => [`c${cell}:lines`, cell + number + 1] as const)])),
    entries: new Map(Array.from({ length: limits.entriesPerStep + 1 }, (_, number) => [`D${number}`, Buffer.from(`facts ${number}`)])),
    index: new Map([['2026-03-15', Array.from({ length: limits.indexedPerStep + 1 }, (_, number) => `D${number}`)], ['2026-03-16', ['D1']]]),
    changed: '', inSteps: atOnce,
  });

  /** Everything but tokens. */
  async function state(): Promise<Record<string, unknown>> {
    const all: Record<string, unknown> = {};
    for (const name of (await names()).sort()) {
      const type = await own.redis.type(name);
      if (type === 'hash') all[name] = Object.fromEntries(Object.entries(await own.redis.hgetall(name)).filter(([field]) => field !== 'token'));
      if (type === 'string') all[name] = (await own.redis.getBuffer(name))?.toString('hex');
      if (type === 'list') all[name] = await own.redis.llen(name);
    }
    return all;
  }
  async function begun(ledger: RedisLedgerStore): Promise<void> {
    expect(await ledger.claim(target, 'A', 'manifest')).toEqual({ position: '' });
    expect(await ledger.apply(target, 'A', '', 'p0', { increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' })).toBe('applied');
  }

  test('is the same as in one script, and leaves nothing behind', async () => {
    const { ledger } = store();
    await begun(ledger);
    expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toBe('applied');
    const inSteps = await state();
    await empty();
    await begun(ledger);
    const { increments, entries, index, changed } = change();
    expect(await ledger.apply(target, 'A', 'p0', 'p1', { increments, entries, index, changed })).toBe('applied');
    expect(inSteps).toEqual(await state());
    expect(Object.keys(inSteps)).toHaveLength(1 + 1 + hashes.length + BUCKETS + 2);
  });

  test('room is waited for before each part that is put down, and not once it has begun', async () => {
    const order: string[] = [];
    const { ledger } = store(Infinity, async (name, _args, when) => { if (when === 'before' && name.endsWith('-step-2')) order.push(name); });
    await begun(ledger);
    expect(await ledger.apply(target, 'A', 'p0', 'p1', { ...change(), inSteps: { ...atOnce, untilRoom: async () => void order.push('room') } })).toBe('applied');
    const parts = order.filter((name) => name === 'put-step-2').length;
    expect(parts).toBeGreaterThan(5);
    expect(order).toEqual([...Array.from({ length: parts }, () => ['room', 'put-step-2']).flat(), ...Array.from({ length: parts }, () => 'take-step-2')]);
  });

  test('cut off behind any of its scripts, it is not begun, or finished by the next owner', async () => {
    const { ledger, runner } = store();
    await begun(ledger);
    const before = await state();
    const counted = runner.scripts;
    expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toBe('applied');
    const after = await state();
    const scripts = runner.scripts - counted;
    expect(scripts).toBeGreaterThan(12);
    const found: string[] = [];
    for (let most = 0; most < scripts; most++) {
      await empty();
      await begun(ledger);
      const killed = store(most).ledger;
      await expect(killed.apply(target, 'A', 'p0', 'p1', change())).rejects.toThrow('killed');
      const next = store().ledger;
      const claim = await next.claim(target, 'B', 'manifest');
      if (!('position' in claim)) throw new Error(JSON.stringify(claim));
      found.push(claim.position);
      expect(await state()).toEqual(claim.position === 'p0' ? before : after);
      /** Who was thought dead comes back. */
      expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toBe('fenced');
      if (claim.position === 'p0') expect(await next.apply(target, 'B', 'p0', 'p1', change())).toBe('applied');
      expect(await state()).toEqual(after);
    }
    /** First nothing has happened, from some script on everything: there is no way back. */
    expect(found).toEqual([...found].sort());
    expect(new Set(found)).toEqual(new Set(['p0', 'p1']));
  });

  /** As a connection that breaks or does not answer in time loses it; late: it is carried out behind the call after it. */
  test.each(['carried out', 'never sent', 'late'] as const)('a call whose answer is lost is sent again: no part twice, none left out, where it was %s', async (fate) => {
    const { ledger: plain, runner: counting } = store();
    await begun(plain);
    const counted = counting.scripts;
    expect(await plain.apply(target, 'A', 'p0', 'p1', change())).toBe('applied');
    const after = await state();
    for (let lost = 0; lost < counting.scripts - counted; lost++) {
      await empty();
      let calls = 0;
      let late: { readonly name: ScriptName; readonly args: Parameters<ScriptRunner['run']>[2] } | undefined;
      const { ledger } = store(Infinity, async (name, args, when) => {
        if (!name.endsWith('-step-2')) return;
        if (when === 'before') calls++;
        if (calls === lost + 1 && when === (fate === 'carried out' ? 'after' : 'before')) {
          if (fate === 'late') late = { name, args };
          throw new Error('Connection is closed.');
        }
        if (late && when === 'after') {
          const { name: given, args: up } = late;
          late = undefined;
          await own.run(given, [keys.position(target), keys.steps(target)], up);
        }
      });
      await begun(ledger);
      const answer = await ledger.apply(target, 'A', 'p0', 'p1', change());
      expect(calls).toBeGreaterThan(lost + 1);
      /** A part that comes late may empty the list again: nothing has begun, and the owner claims again. */
      if (fate === 'late' && answer === 'lost') {
        expect([lost, await ledger.claim(target, 'A2', 'manifest')]).toEqual([lost, { position: 'p0' }]);
        expect(await ledger.apply(target, 'A2', 'p0', 'p1', change())).toBe('applied');
      } else if (answer !== 'already') expect([lost, answer]).toEqual([lost, 'applied']);
      expect([lost, await state()]).toEqual([lost, after]);
    }
  });

  test('a store that goes back to the moment when just as many parts had been put down as are left now, has not begun', async () => {
    const { ledger } = store();
    await begun(ledger);
    expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toBe('applied');
    const after = await state();
    for (let parts = 1; parts < 8; parts++) {
      await empty();
      await begun(ledger);
      let bringBack: (() => Promise<void>) | undefined;
      let wentBack = false;
      const { ledger: owner } = store(Infinity, async (name, args, when) => {
        if (name === 'put-step-2' && when === 'after' && args[3] === parts - 1) bringBack = await remember(own, names, empty);
        if (name !== 'take-step-2' || when !== 'before' || args[4] !== parts || wentBack) return;
        wentBack = true;
        await bringBack?.();
      });
      expect([parts, await owner.apply(target, 'A', 'p0', 'p1', change())]).toEqual([parts, 'lost']);
      expect(wentBack).toBe(true);
      expect(await owner.claim(target, 'A2', 'manifest')).toEqual({ position: 'p0' });
      expect(await owner.apply(target, 'A2', 'p0', 'p1', change())).toBe('applied');
      expect(await state()).toEqual(after);
    }
  });

  test('a claim of who changes what a namespace is made of finishes it too; of two that are at it one goes on', async () => {
    const { ledger } = store();
    await begun(ledger);
    await expect(store(9).ledger.apply(target, 'A', 'p0', 'p1', change())).rejects.toThrow('killed');
    expect(await store().ledger.claimAnew(target, 'C', 'another manifest')).toBe('p1');
    expect(await store().ledger.claim(target, 'D', 'another manifest')).toEqual({ position: 'p1' });
    expect(await ledger.apply(target, 'A', 'p1', 'p2', change())).toBe('fenced');
  });

  test('no other change comes between: who finds one begun claims first', async () => {
    const { ledger } = store();
    await begun(ledger);
    await expect(store(9).ledger.apply(target, 'A', 'p0', 'p1', change())).rejects.toThrow('killed');
    expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toBe('moved');
    expect(await ledger.claim(target, 'A2', 'manifest')).toEqual({ position: 'p1' });
  });

  test('a sum that leaves 64 bits stops the partition for every owner, and its own part is undone', async () => {
    const { ledger } = store();
    await begun(ledger);
    const [, second] = hashes;
    const last = `c${cells - 1}:lines`;
    await own.redis.hset(keys.cells(0) + (second as string), last, String(INT64_MAX));
    expect(await ledger.apply(target, 'A', 'p0', 'p1', change())).toEqual({ overflow: expect.stringContaining(last) as string });
    expect(await store().ledger.claim(target, 'B', 'manifest')).toEqual({ overflow: expect.stringContaining(last) as string });
    expect(await own.redis.hget(keys.cells(0) + (second as string), last)).toBe(String(INT64_MAX));
    /** Somebody has mended it. */
    await own.redis.hset(keys.cells(0) + (second as string), last, '0');
    expect(await store().ledger.claim(target, 'C', 'manifest')).toEqual({ position: 'p1' });
  });
});
