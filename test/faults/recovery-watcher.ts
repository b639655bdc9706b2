/**
 * Samples positions in a thread of its own: commands are waited for in the campaign's thread, which sees nothing
 * meanwhile. How long figures lag behind is told by the first record that arrived after the blow, those before it do not
 * count; how soon a new owner goes on, by the first position that moves.
 */
import { parentPort, workerData } from 'node:worker_threads';
import pino from 'pino';
import { parsePosition } from '../../services/domain/position';
import { readConfig } from '../../services/shell/config';
import { connectFigures, connectLog } from '../../services/shell/connect';
import { rawTopic } from '../../services/topology';
import { pause } from '../support/until';

export type ToWatcher = 'strike' | 'end';
export interface FromWatcher { readonly said: 'ready' | 'struck' | 'over'; readonly struckMs?: number | undefined; readonly appliedMs?: number | undefined; /** When positions were seen to have moved since the blow. */ readonly movedMs?: readonly number[] }

const SAMPLE_MS = 20;
const port = parentPort;
if (!port) throw new Error('runs as a thread of a campaign');
const say = (answer: FromWatcher): void => port.postMessage(answer);

/** A raw record that arrived after the blow is among those that are counted. */
function isBeyond(text: string, ends: ReadonlyMap<string, number>): boolean {
  const marks = parsePosition(text)?.marks ?? {};
  return Object.entries(marks).some(([path, offset]) => offset >= (ends.get(path.slice(path.lastIndexOf('/') + 1)) ?? Infinity));
}

async function watch(): Promise<void> {
  const config = readConfig(workerData as NodeJS.ProcessEnv);
  const logger = pino({ level: 'silent' });
  const inspector = await connectLog(config, 'watch', logger).inspector();
  const reader = connectFigures(config, logger);
  let ends: ReadonlyMap<string, number> | undefined;
  let [struckMs, appliedMs]: (number | undefined)[] = [];
  const movedMs: number[] = [];
  let before = '';
  let over = false;
  const strike = async (): Promise<void> => {
    ends = new Map((await inspector.offsets(rawTopic)).map(({ partition, end }) => [String(partition), end]));
    struckMs = Date.now();
    say({ said: 'struck' });
  };
  port?.on('message', (message: ToWatcher) => { if (message === 'strike') void strike(); else over = true; });
  await reader.readCells(0, []);
  say({ said: 'ready' });
  while (!over && appliedMs === undefined) {
    const known = ends;
    const { positions } = await reader.readCells(0, []);
    const now = positions.map(({ position }) => position).join();
    if (known && now !== before) movedMs.push(Date.now());
    before = now;
    if (known && positions.some(({ position }) => isBeyond(position, known))) appliedMs = Date.now();
    else await pause(SAMPLE_MS);
  }
  while (!over) await pause(SAMPLE_MS);
  await inspector.close();
  await reader.close();
  say({ said: 'over', struckMs, appliedMs, movedMs });
  port?.close();
}

void watch();
