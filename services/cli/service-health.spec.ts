import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateReporter } from '../shell/service-state';
import { StateFiles } from '../shell/states/state-files';
import { healthCommand } from './commands/health';
import { checkServices } from './doctor-checks';

let home: string;
let state: StateReporter;
const health = (): Promise<unknown> => healthCommand().parseAsync(['node', 'health', 'ingest']);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  process.env['TIDEWAITER_HOME'] = home;
  state = new StateReporter(home, 'ingest');
  state.start();
  state.set('running');
});
afterEach(() => {
  state.stop();
  delete process.env['TIDEWAITER_HOME'];
  rmSync(home, { recursive: true, force: true });
});

test('a service that works is healthy', async () => {
  await expect(health()).resolves.toBeDefined();
  expect(await checkServices(new StateFiles(home))).toMatchObject({ verdict: 'ok', found: '1 run, none with a stopped partition or an alarm' });
});

test.each<[string, () => void, string]>([
  ['stopped partition', () => state.partitionStopped('topic/0', 'a hole'), 'ingest has stopped at topic/0: a hole'],
  ['alarm', () => state.alarm('progress of topic/0', 'topic/0 stands still'), 'ingest: topic/0 stands still'],
])('one with a %s is not, for health and doctor alike', async (_what, say, words) => {
  say();
  state.set('starting');
  state.set('running');
  await expect(health()).rejects.toThrow(words);
  expect(await checkServices(new StateFiles(home))).toMatchObject({ verdict: 'fault', found: words });
});
