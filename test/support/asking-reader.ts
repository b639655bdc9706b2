/** Asks what is live over and over, in a thread of its own: a test that waits for commands asks nothing meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import pino from 'pino';
import { readConfig } from '../../services/shell/config';
import { connectNeighbours } from '../../services/shell/connect';
import { LiveNamespace } from '../../services/shell/live-namespace';

const HASH = 'revenue/office-taxType-chapter/month/2020-05';
const { home, environment } = workerData as { home: string; environment: NodeJS.ProcessEnv };
const config = readConfig({ ...environment, TIDEWAITER_HOME: home });
const namespace = new LiveNamespace(config, connectNeighbours(config, 'asking', pino({ level: 'silent' }), () => undefined));

async function look(): Promise<string> {
  const { reader } = await namespace.current();
  const answer = await reader.readFigures([HASH], 100_000);
  const sums: Record<string, bigint> = { 87: 0n, 99: 0n };
  for (const [field, value] of 'hashes' in answer ? (answer.hashes[0]?.fields ?? []) : []) {
    const chapter = /\|(87|99):assessed$/.exec(field)?.[1];
    if (chapter !== undefined) sums[chapter] = (sums[chapter] ?? 0n) + BigInt(value);
  }
  return `87 ${sums[87]}, 99 ${sums[99]}`;
}

async function ask(): Promise<void> {
  const seen: string[] = [];
  let [asking, enough] = [false, false];
  parentPort?.on('message', () => { enough = true; });
  while (!enough) {
    const said = await look();
    if (seen.at(-1) !== said) seen.push(said);
    if (!asking) parentPort?.postMessage('asking');
    asking = true;
    await new Promise((next) => setImmediate(next));
  }
  parentPort?.postMessage(seen);
}
void ask();
