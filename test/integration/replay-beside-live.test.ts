/**
 * The Korean year counted again by another rule, on real parts: first as README.md tells it, command by command, then
 * under live traffic, killed five times, compared, promoted and undone while somebody asks all the time. Live figures and
 * replayed ones are those that SQL works out from the files.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pino from 'pino';
import { Random } from '../../services/generate/random';
import type { Config } from '../../services/shell/config';
import { connectFigures } from '../../services/shell/connect';
import { projectRoot } from '../../services/shell/project-root';
import { aggregateInputs } from '../../services/topology';
import { kcsOracle } from '../oracle/kcs';
import { ndjsonOracle } from '../oracle/ndjson';
import { generatedFile, type GeneratedFile } from '../support/generated-file';
import { cellsOf, differencesOf, expectedCells, type IndependentRow } from '../support/redis-cells';
import { RunningSystem, sharedData, withShared } from '../support/running-system';
import { until } from '../support/until';

const suite = withShared ? describe : describe.skip;
const tariff = sharedData('hs2017.csv');
const HOUR_MS = 3_600_000;
const RATE = 1_000;
const TRAFFIC_SECONDS = 60;
const KILLS = 5;
const korea = { id: 'KR', minorUnits: 0, utcOffsetHours: 9 };
jest.setTimeout(900_000);

suite('a year replayed beside what is live', () => {
  const system = new RunningSystem(8, { TIDEWAITER_PROFILE: 'KR' });
  const random = new Random('replay beside live');
  let year: readonly IndependentRow[];
  let traffic: GeneratedFile;
  beforeAll(async () => {
    await system.start();
    system.done('reference', 'load', 'tariff', tariff);
    system.done('feed', sharedData('kcs-train.csv'), '--format', 'kcs-csv');
    system.drain(180);
    year = (await kcsOracle(sharedData('kcs-train.csv'), tariff)).rows;
    traffic = generatedFile(system.home, 'KR', RATE * TRAFFIC_SECONDS, 'beside', Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS);
  });
  afterAll(() => system.stop());

  test('the commands of README.md do what it says', () => {
    const [, section = ''] = readFileSync(join(projectRoot(), 'README.md'), 'utf8').split('## Replay a year');
    const commands = (/```sh\n([^]*?)```/.exec(section)?.[1] ?? '').trim().split('\n');
    expect(commands.length).toBeGreaterThan(7);
    const folder = join(system.home, 'walk');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec ${process.execPath} ${join(projectRoot(), 'dist/services/cli/main.js')} "$@"\n`, { mode: 0o755 });
    const answers = commands.map((command) => {
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...system.environment, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` } });
      return { command, status, said: `${stdout}${stderr}` };
    });
    expect(answers.filter(({ command, status }) => status !== (command.includes('replay compare') ? 1 : 0))).toEqual([]);
    const [total, residual] = [assessed(year, '87', '2020-05'), assessed(year, '99', '2020-05')];
    const asked = answers.find(({ command }) => command.includes('tidewaiter query'))?.said.replaceAll(/[,\s]/g, ' ') ?? '';
    expect(asked).not.toContain(' 87 ');
    expect(asked.replaceAll(' ', '')).toContain(String(total + residual));
  });

  test('under traffic: killed five times, compared, promoted, undone; live and replayed figures are those of SQL', async () => {
    const pack = join(system.home, 'walk/vehicles.json');
    const feeding = system.begin('feed', traffic.file, '--format', 'ndjson', '--rate', String(RATE));
    for (let kill = 0; kill < KILLS; kill++) await killed(system.launch('replay', 'run', 'beside', '--pack', pack, '--workers', '2', '--follow'), kill % 2 === 0, random);
    let following = system.launch('replay', 'run', 'beside', '--pack', pack, '--workers', '2', '--follow');
    await system.until('history is counted', () => listed(system)?.historyLeft === 0, 180_000);

    const compared = system.cli('replay', 'compare', 'beside', '--view', 'revenue', '--by', 'chapter', '--format', 'json');
    expect(compared.status).toBe(1);
    const { rows } = JSON.parse(compared.stdout) as { rows: { period: string; dimensions: { chapter: string }; measure: string; difference: string }[] };
    const moved = byMonth(year, '87');
    for (const [chapter, sign] of [['87', -1n], ['99', 1n]] as const) {
      expect(rows.filter(({ period, dimensions }) => period.startsWith('2020') && dimensions.chapter === chapter).map(({ period, measure, difference }) => `${period} ${measure} ${difference}`).sort())
        .toEqual([...moved].map(([place, amount]) => `${place} ${sign * amount}`).sort());
    }
    expect(rows.filter(({ dimensions }) => !['87', '99'].includes(dimensions.chapter))).toEqual([]);

    const replayState = (): string | undefined => system.status().services.find(({ name }) => name === 'replay')?.state;
    const seen = await whatReadersSee(system.config, async () => {
      /** It yields to live figures that are behind, and is refused while it is far behind itself. */
      await system.until('it may be promoted', () => system.cli('replay', 'promote', 'beside', '--reason', 'vehicles are residual').status === 0, 240_000);
      /** Status says nothing of what does not answer in time. */
      await system.until('status says that somebody counts', () => replayState() === 'running', 60_000);
      expectExplained(system, '2020-05');
      await stopped(following);
      await system.until('status says that nobody counts', () => replayState() === 'down', 60_000);
      /** Who always runs takes over from who began it. */
      following = system.launch('replay', 'follow');
      await system.until('somebody counts into what is live', () => replayState() === 'running', 60_000);
      system.done('replay', 'undo', '--reason', 'they are not');
    });
    const [total, before] = [assessed(year, '87', '2020-05'), assessed(year, '99', '2020-05')];
    expect(seen).toEqual([`87 ${total}, 99 ${before}`, `87 0, 99 ${before + total}`, `87 ${total}, 99 ${before}`]);

    expect(replayState()).toBeUndefined();
    await stopped(following);
    following = system.launch('replay', 'run', 'beside', '--follow');
    await workersCount(system);
    const refused = [['undo', '--reason', 'once more'], ['drop', 'beside'], ['run', 'beside', '--since', 'earliest']].map((args) => system.cli('replay', ...args));
    expect(refused.map(({ status, stderr }) => [status, /no promotion stands|workers? counts? into beside|begun with other --since/.test(stderr)])).toEqual([[1, true], [1, true], [2, true]]);

    expect(await feeding).toBe(0);
    system.drain(180);
    await system.until('the replay has counted what came', () => caughtUp(system), 120_000);
    await stopped(following);

    const live = [...year, ...(await ndjsonOracle(traffic.file, traffic.refusedFile, korea))];
    expect(differencesOf(expectedCells(live.filter(({ view }) => view === 'revenue' || view === 'statistics')), await dated(system.config, 'live', ['revenue', 'statistics']))).toEqual([]);
    const replayed = await ndjsonOracle(traffic.file, traffic.refusedFile, korea, pack);
    const revenue = ({ view }: IndependentRow): boolean => view === 'revenue';
    expect(differencesOf(expectedCells([...year.filter(revenue).map(residualVehicles), ...replayed.filter(revenue)]), await dated(system.config, 'beside', ['revenue']))).toEqual([]);
  });
});

/** What everybody reads now is explained, and by the pack of the replay. */
function expectExplained(system: RunningSystem, month: string): void {
  const explanation = JSON.parse(system.done('explain', 'revenue', '--period', `month:${month}`, '--where', 'chapter=99', '--limit', '50', '--json')) as { addsUp: boolean; declarations: number; contributions: { details: { definitions: string } | null }[] };
  expect(explanation).toMatchObject({ addsUp: true });
  expect(explanation.declarations).toBeGreaterThan(50);
  expect(new Set(explanation.contributions.map(({ details }) => details?.definitions))).toEqual(new Set(['imts2010@2.0.0']));
}

async function workersCount(system: RunningSystem): Promise<void> {
  const inspector = await system.log().inspector();
  try {
    await until('workers of the replay count', async () => (await inspector.members('aggregate', 'beside')) > 0, 60_000);
  } finally {
    await inspector.close();
  }
}

async function stopped(command: ChildProcess): Promise<void> {
  const ended = once(command, 'exit');
  command.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
}

/** After a while that is drawn: the command itself without a chance to end its workers, or one of them. */
async function killed(command: ChildProcess, itself: boolean, random: Random): Promise<void> {
  const ended = once(command, 'exit');
  await new Promise((next) => setTimeout(next, 2_000 + random.next() * 3_000));
  const pid = command.pid as number;
  const [worker = pid] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  process.kill(itself ? pid : worker, 'SIGKILL');
  await ended;
}

interface Listed { readonly namespace?: string; readonly name?: string; readonly historyLeft: number }
/** Undefined: nobody has come so far as to begin it. */
function listed(system: RunningSystem): Listed | undefined {
  return system.done('replay', 'list', '--json').trim().split('\n').map((line) => JSON.parse(line) as Listed).find(({ name }) => name === 'beside');
}

/** Nothing of either is on its way to the other. */
function caughtUp(system: RunningSystem): boolean {
  const { stdout } = system.cli('replay', 'compare', 'beside', '--view', 'operations', '--format', 'json');
  const { moving, rows } = JSON.parse(stdout) as { moving: number; rows: unknown[] };
  return moving === 0 && rows.length === 0;
}

async function dated(config: Config, name: string, views: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const reader = connectFigures(config, pino({ level: 'silent' }), undefined, undefined, { name, inputs: aggregateInputs });
  const cells = await cellsOf(reader, views);
  await reader.close();
  return new Map([...cells].filter(([key]) => /\/(day|month)\//.test(key)));
}

const residualVehicles = (row: IndependentRow): IndependentRow => (row.dimensions['chapter'] === '87' ? { ...row, dimensions: { ...row.dimensions, chapter: '99' } } : row);

/** By month and measure, what SQL says of a chapter. */
function byMonth(rows: readonly IndependentRow[], chapter: string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { view, grain, period, dimensions, measures } of rows) {
    if (view !== 'revenue' || grain !== 'month' || dimensions['chapter'] !== chapter) continue;
    for (const [measure, amount] of Object.entries(measures)) sums.set(`${period} ${measure}`, (sums.get(`${period} ${measure}`) ?? 0n) + amount);
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0n));
}
const assessed = (rows: readonly IndependentRow[], chapter: string, month: string): bigint => byMonth(rows, chapter).get(`${month} assessed`) ?? 0n;

/** What was assessed in May in two chapters, each time it was another amount, as somebody sees it who asks all the time. */
async function whatReadersSee(config: Config, meanwhile: () => Promise<void>): Promise<string[]> {
  const asking = new Worker(join(projectRoot(), 'dist/test/support/asking-reader.js'), { workerData: { home: config.home, environment: { TIDEWAITER_BASE_PORT: String(config.TIDEWAITER_BASE_PORT), TIDEWAITER_PROFILE: config.TIDEWAITER_PROFILE } } });
  try {
    await once(asking, 'message');
    await meanwhile();
    await new Promise((next) => setTimeout(next, 500));
    const answer = once(asking, 'message');
    asking.postMessage('enough');
    const [seen] = (await answer) as [string[]];
    return seen;
  } finally {
    await asking.terminate();
  }
}
