/** The store in memory held to Redis: seeded sequences of calls on both, every answer and the whole state compared after each. */
import { Random } from '../../services/generate/random';
import type { FigureChange } from '../../services/shell/figure-store';
import { incrementsOf } from '../support/increments';
import { memoryStoreWorld, redisStoreWorld, STORE_PARTITIONS, type StoreWorld } from '../support/store-worlds';
import { describeOnStack } from '../support/test-stack';
import { countedTopic } from '../../services/topology';

const STEPS = 250;
const hashes = ['revenue/a/day/1', 'revenue/a/day/2', 'statistics/b/month/1'];
const fields = ['x:lines', 'y:lines', 'é|z:value'];
const amounts: readonly (number | bigint)[] = [1, -1, 0, 250, -1_234_567_890_120, Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 62n), 2n ** 63n - 1n];
const tokens = ['A', 'B', 'C'];
const positions = ['', 'p1', 'p2', 'p3'];
const ids = ['D1', 'D2', 'Dé3'];

type Step = (world: StoreWorld) => Promise<unknown>;

function step(random: Random): Step {
  const pick = <Value>(from: readonly Value[]): Value => from[Math.floor(random.next() * from.length)] as Value;
  const target = { topic: countedTopic, partition: Math.floor(random.next() * STORE_PARTITIONS) } as const;
  const [token, expected, next] = [pick(tokens), pick(positions), pick(positions.slice(1))];
  const change: FigureChange = {
    increments: incrementsOf(hashes.filter(() => random.next() < 0.6).map((hash) => [hash, fields.filter(() => random.next() < 0.6).map((field) => [field, pick(amounts)] as const)] as const)),
    entries: new Map(ids.filter(() => random.next() < 0.4).map((id) => [id, Buffer.from(`${id}${random.next()}`)])),
    changed: random.next() < 0.5 ? '' : 'cells',
  };
  const kind = random.next();
  if (kind < 0.15) return (world) => world.ledger.claim(target, token, random.next() < 2 ? 'manifest' : '');
  if (kind < 0.2) return (world) => world.ledger.claim(target, token, 'alien');
  if (kind < 0.75) return (world) => world.ledger.apply(target, token, expected, next, change);
  if (kind < 0.8) return (world) => world.ledger.forget(target, token, expected, 0, ids);
  if (kind < 0.95) return (world) => world.ledger.readLedger(target, ids);
  if (kind < 0.98) return (world) => world.reader.unlink([pick(hashes)]);
  return (world) => world.empty();
}

/** Answers are compared without the words in which the server reports an overflow. */
const comparable = (answer: unknown): unknown => (typeof answer === 'object' && answer !== null && 'overflow' in answer ? 'overflow' : answer);

async function stateOf({ reader, ledger }: StoreWorld): Promise<unknown> {
  const figures = await reader.readFigures(hashes, 1_000);
  const entries = [];
  for (let partition = 0; partition < STORE_PARTITIONS; partition++) entries.push(await ledger.readLedger({ topic: countedTopic, partition }, ids));
  return {
    figures: 'hashes' in figures ? figures.hashes.map(({ hash, fields: values }) => [hash, [...values].filter(([, value]) => value !== '0').sort()]) : figures, positions: 'positions' in figures ? figures.positions : [], entries,
    changes: (await reader.changes(0, '-', 10_000)).map(({ changed }) => changed), manifest: await reader.manifest(),
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
