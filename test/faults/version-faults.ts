/** A rolling deployment: a process whose contributions are made otherwise joins the one that counts. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Keys } from '../../services/shell/redis/keys';
import { projectRoot } from '../../services/shell/project-root';
import { readStateFile } from '../../services/shell/states/state-files';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';
import type { Fault } from './fault';
import { second, withRedis } from './real-parts';

const TOGETHER_MS = 4_000;
const REFUSAL = 'made of something else';

/** An installation like this one, but for the number of its contribution rules. Packages are found where this one has them. */
function otherVersion(system: RunningSystem): string {
  const other = join(system.home, 'other-version');
  if (existsSync(other)) return other;
  for (const part of ['dist/services', 'services/shell/redis/scripts', 'schemas', 'package.json']) cpSync(join(projectRoot(), part), join(other, part), { recursive: true });
  const file = join(other, 'dist/services/domain/contribution.js');
  const text = readFileSync(file, 'utf8');
  const patched = text.replace(/exports\.CONTRIBUTION_VERSION = (\d+);/, (_, version: string) => `exports.CONTRIBUTION_VERSION = ${Number(version) + 1};`);
  if (patched === text) throw new Error(`${file} names no contribution version`);
  writeFileSync(file, patched);
  mkdirSync(join(other, 'home'));
  return other;
}

const rollingDeployment: Fault = { act: async ({ system, strike }) => {
  const other = otherVersion(system);
  const home = join(other, 'home');
  const manifest = new Keys(system.config.TIDEWAITER_NAMESPACE, system.config.TIDEWAITER_SHARDS).manifest(0);
  const found: string[] = [];
  await withRedis(system, async (redis) => {
    const before = await redis.get(manifest);
    await strike();
    const young = second(system, 'aggregate', other, { NODE_PATH: join(projectRoot(), 'node_modules'), TIDEWAITER_HOME: home });
    try {
      await until('the other version was given partitions', () => Object.keys(readStateFile(home, 'aggregate')?.stoppedPartitions ?? {}).length > 0, 30_000);
      await pause(TOGETHER_MS);
      const reasons = Object.values(readStateFile(home, 'aggregate')?.stoppedPartitions ?? {});
      if (!reasons.every((reason) => reason.includes(REFUSAL))) found.push(`the other version stopped for another reason: ${reasons.join('; ')}`);
    } finally {
      await young.end();
    }
    if ((await redis.get(manifest)) !== before) found.push('the manifest of the namespace has changed');
  });
  return found;
} };

export const versionFaults: Readonly<Record<string, Fault>> = { 'rolling-deployment': rollingDeployment };
