/**
 * The store in memory held to Redis: seeded sequences of calls on both, every answer and the whole state compared after
 * each. With what happens to a real server: errors in mid-script, no memory, scripts forgotten, answers lost, and a
 * failover that cuts everything off at one point.
 */
import { Random } from '../../services/generate/random';
import type { FigureChange } from '../../services/shell/figure-store';
import { incrementsOf } from '../support/increments';
import { memoryStoreWorld, redisStoreWorld, STORE_PARTITIONS, type StoreWorld } from '../support/store-worlds';
import { describeOnStack } from '../support/test-stack';
import { pause } from '../support/until';
import { countedTopic } from '../../services/topology';

const STEPS = 250;
const hashes = ['revenue/a/day/1', 'revenue/a/day/2', 'statistics/b/month/1'];
const fields = ['x:lines', 'y:lines', 'é|z:value'];
const amounts: readonly (number | bigint)[] = [1, -1, 0, 250, -1_234_567_890_120, Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 62n), 2n ** 63n - 1n];
const tokens = ['A', 'B', 'C'];
const positions = ['', 'p1', 'p2', 'p3'];
const ids = ['D1', 'D2', 'Dé3'];
const days = ['2026-03-14', '2026-03-15', '2026-04-01'];
const LEASE_MS = 600_000;
/** A call that waits for room has not answered by then. */
const WAITING_MS = 60;

type Step = (world: StoreWorld) => Promise<unknown>;
/** What brings a world back to where it was remembered. */
const remembered = new WeakMap<StoreWorld, () => Promise<void>>();

interface Drawn { readonly random: Random; readonly target: { readonly topic: typeof countedTopic; readonly partition: number }; readonly token: string; readonly expected: string; readonly next: string; readonly change: FigureChange }

function draw(random: Random): Drawn {
  const target = { topic: countedTopic, partition: Math.floor(random.next() * STORE_PARTITIONS) } as const;
  const [token, expected, next] = [random.pick(tokens), random.pick(positions), random.pick(positions.slice(1))];
  const change: FigureChange = {
    increments: incrementsOf(hashes.filter(() => random.next() < 0.6).map((hash) => [hash, fields.filter(() => random.next() < 0.6).map((field) => [field, random.pick(amounts)] as const)] as const)),
    entries: new Map(ids.filter(() => random.next() < 0.4).map((id) => [id, Buffer.from(`${id}${random.next()}`)])),
    index: new Map(days.filter(() => random.next() < 0.3).map((day) => [day, ids.filter(() => random.next() < 0.6)])),
    changed: random.next() < 0.5 ? '' : 'cells',
  };
  return { random, target, token, expected, next, change };
}

/** As an owner does it: claims, and goes on from where it stands, so that most of them are applied. */
async function own({ ledger }: StoreWorld, { target, token, next, change }: Drawn): Promise<unknown> {
  const claim = await ledger.claim(target, token, 'manifest');
  return 'position' in claim ? ledger.apply(target, token, claim.position, next, change) : claim;
}

/** While there is no memory a call may answer, or wait: which of both it does is compared too. */
async function whileFull(world: StoreWorld, call: () => Promise<unknown>): Promise<unknown> {
  await world.fill(true);
  let answered = false;
  const answer = call().then((value) => { answered = true; return value; });
  try {
    await Promise.race([answer, pause(WAITING_MS)]);
    return [answered, answered ? await answer : undefined];
  } finally {
    await world.fill(false);
    await answer;
  }
}

async function acknowledge({ reader }: StoreWorld, place: number): Promise<void> {
  const entries = await reader.changes(0, '-', 100);
  const entry = entries[place % Math.max(1, entries.length)];
  if (entry) await reader.acknowledgeChanges(0, entry.id);
}

/** What may be carried out, by how often (of the sum). */
const kinds: readonly (readonly [number, (drawn: Drawn) => Step])[] = [
  [12, ({ target, token }) => (world) => world.ledger.claim(target, token, 'manifest')],
  [4, ({ target, token }) => (world) => world.ledger.claim(target, token, 'alien')],
  [40, ({ target, token, expected, next, change }) => (world) => world.ledger.apply(target, token, expected, next, change)],
  [15, (drawn) => (world) => own(world, drawn)],
  [5, ({ target, token, expected }) => (world) => world.ledger.forget(target, token, expected, 0, ids)],
  [8, ({ target }) => (world) => world.ledger.readLedger(target, ids)],
  [3, ({ random }) => { const hash = random.pick(hashes); return (world) => world.reader.unlink([hash]); }],
  [2, ({ random, target: { partition } }) => { const day = random.pick(days); return (world) => world.reader.unlinkIndex([`${partition}/${day}`]); }],
  [2, () => (world) => world.empty()],
  [4, ({ random }) => { const [hash, field, value] = [random.pick(hashes), random.pick(fields), random.pick(['no number', '9223372036854775807', '-9223372036854775808', '0'])]; return (world) => world.write(hash, field, value); }],
  [3, () => (world) => world.forgetScripts()],
  [5, (drawn) => (world) => world.loseReply(() => world.ledger.apply(drawn.target, drawn.token, drawn.expected, drawn.next, drawn.change))],
  [3, ({ target, token }) => (world) => world.loseReply(() => world.ledger.claim(target, token, 'manifest'))],
  [3, ({ target, token, expected, next, change }) => (world) => whileFull(world, () => world.ledger.apply(target, token, expected, next, change))],
  [1, ({ target, token }) => (world) => whileFull(world, () => world.ledger.claim(target, token, 'manifest'))],
  [1, ({ target, token, expected }) => (world) => whileFull(world, () => world.ledger.forget(target, token, expected, 0, ids))],
  [1, ({ token }) => (world) => whileFull(world, () => world.reader.holdLease('publisher', token, LEASE_MS))],
  [1, ({ token }) => (world) => whileFull(world, () => world.reader.setNote('confirmed-through', token))],
  [1, ({ random }) => { const place = random.between(0, 9); return (world) => whileFull(world, () => acknowledge(world, place)); }],
  [3, () => async (world) => { remembered.set(world, await world.remember()); }],
  [4, () => async (world) => remembered.get(world)?.()],
  [4, ({ random }) => { const place = random.between(0, 9); return (world) => acknowledge(world, place); }],
  [3, ({ token }) => (world) => world.reader.holdLease('publisher', token, LEASE_MS)],
  [2, ({ token }) => (world) => world.reader.releaseLease('publisher', token)],
  [2, ({ token }) => (world) => world.reader.setNote('confirmed-through', token)],
];
const sumOfShares = kinds.reduce((sum, [share]) => sum + share, 0);

function step(random: Random): Step {
  const drawn = draw(random);
  let place = random.next() * sumOfShares;
  const [, make] = kinds.find(([share]) => (place -= share) < 0) as (typeof kinds)[number];
  return make(drawn);
}

/** Answers are compared without the name of the namespace. */
const comparable = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer ?? null, (_, value: unknown) => (typeof value === 'string' ? value.replace(/\{tw:[^}]+\}/g, '{}') : value)));

async function stateOf({ reader, ledger }: StoreWorld): Promise<unknown> {
  const figures = await reader.readFigures(hashes, 1_000);
  const [entries, indexed] = [[], []] as [unknown[], unknown[]];
  const counted = Array.from({ length: STORE_PARTITIONS }, (_, partition) => ({ topic: countedTopic, partition }));
  for (const target of counted) {
    entries.push(await ledger.readLedger(target, ids));
    indexed.push(await ledger.readIndex(target, days));
  }
  const moment = await ledger.readMoment({ positions: counted, counted, days, hashes, maxIndexBytes: 500 });
  return {
    figures: 'hashes' in figures ? figures.hashes.map(({ hash, fields: values }) => [hash, [...values].sort()]) : figures, positions: 'positions' in figures ? figures.positions : [], entries, indexed,
    moment: 'entries' in moment ? { ...moment, hashes: moment.hashes.map(({ hash, fields: values }) => [hash, [...values].sort()]) } : moment,
    changes: (await reader.changes(0, '-', 10_000)).map(({ changed }) => changed), manifest: await reader.manifest(), note: await reader.note('confirmed-through'),
  };
}

describeOnStack('memory and Redis', () => {
  test.each([1, 2, 3, 4])('seed %s', async (seed) => {
    const [memory, redis] = [memoryStoreWorld(), redisStoreWorld()];
    try {
      const [forMemory, forRedis] = [new Random(`differential ${seed}`), new Random(`differential ${seed}`)];
      for (let number = 0; number < STEPS; number++) {
        const [expected, actual] = [await step(forMemory)(memory), await step(forRedis)(redis)];
        expect({ number, answer: comparable(actual) }).toEqual({ number, answer: comparable(expected) });
        expect({ number, state: await stateOf(redis) }).toEqual({ number, state: await stateOf(memory) });
      }
    } finally {
      await redis.close();
    }
  }, 60_000);
});
