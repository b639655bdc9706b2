/**
 * The gate of determinism: one vector of offsets, one set of definitions, and the same figures and ledger to the last byte,
 * whoever counts them: the live services one topic after the other, or the fused stages; one worker, two or four; from the
 * log or from an archive; in small pieces or in large ones. Digests are compared, as an operator would.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { sourceTopics } from '../../services/replay/fused/source-stages';
import { rejectedTopic, type TopicName } from '../../services/topology';
import { ReplayWorld } from '../support/replay-world';

jest.setTimeout(120_000);
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-determinism-'));
let world: ReplayWorld;
let apart: string;

async function digest(name: string): Promise<string> {
  const hash = createHash('sha256');
  for (const line of [...world.figures(name), ...(await world.ledger({ name, inputs: [] }))]) hash.update(`${line}\n`);
  return hash.digest('hex');
}

beforeAll(async () => {
  world = await ReplayWorld.start('determinism', 600);
  const inspector = await world.system.neighbours.log().inspector();
  for (const topic of [...sourceTopics, rejectedTopic]) await archiveTopic(topic, false, { files: openArchive(folder), inspector, registry: world.system.neighbours.registry(), onProgress: () => undefined });
  await inspector.close();
  apart = await digest('live');
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** Pieces of a backlog: a few hundred records of the 600 in one, and the last ones of each partition in small ones. */
const pieces = { small: undefined, large: { endsBefore: 10, declarations: 100, increments: 2_000 } };
const ways = sourceTopics.flatMap((source) => [1, 2, 4].flatMap((workers) => (['log', 'archive'] as const).flatMap((from) => (['small', 'large'] as const).map((size) => [source, workers, from, size] as const))));

test.each(ways)('%s, %i workers, from the %s, %s pieces', async (source: TopicName, workers, from, size) => {
  const name = `${source.split('.')[2] ?? ''}-${workers}-${from}-${size}`;
  const ends = new Map(await Promise.all([0, 1, 2, 3].map(async (partition) => [partition, world.system.broker.partition({ topic: source, partition }).end] as const)));
  const manifest = await world.manifest(name, source, from === 'archive' ? { archive: { folder, alone: true, leaveOut: false } } : { until: { offsets: ends } });
  await world.replayed(manifest, workers, pieces[size]);
  expect(await digest(name)).toBe(apart);
  await world.system.neighbours.figures(manifest).drop();
});

test('one event more, and the digest is another one', async () => {
  await world.feed('one-more', 1);
  expect(await digest('live')).not.toBe(apart);
});
