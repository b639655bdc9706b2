/** `scripts/faults`: rounds of traffic and one fault each, with a recount of everything after each of them, and a report. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { Random, shuffled } from '../../services/generate/random';
import { RunningSystem } from '../support/running-system';
import { faults } from './all-faults';
import { ClusterSystem, clusterSettings } from '../support/broker-cluster';
import { Campaign, PROFILE } from './campaign';
import type { Fault } from './fault';
import { inWords, totalsOf, type Round } from './report';

interface Options { readonly rounds?: number; readonly from: number; readonly seed: string; readonly events: number; readonly rate: number; readonly only?: readonly string[]; readonly json?: true }

const CLUSTER_LANE = 2;
const say = (line: string): void => { process.stderr.write(`${line}\n`); };
const shown = (seconds: number | null): string => (seconds === null ? '–' : `${seconds.toFixed(1)} s`);

/** Each fault once, or as many rounds as asked for: all of them in an order drawn from the seed, and again. */
function orderOf({ rounds, seed, only }: Options): readonly string[] {
  const names = only ?? Object.keys(faults);
  if (rounds === undefined) return names;
  return Array.from({ length: rounds }, (_, index) => shuffled(names, new Random(`${seed}/${Math.floor(index / names.length)}`))[index % names.length] as string);
}

/** What could not be brought to its end, such as figures that stand still, is wrong too. */
const failedRound = (round: number, fault: string, { message }: Error): Round =>
  ({ round, fault, events: 0, declarations: 0, cells: 0, drift: 1, wrong: [message], failed: true, secondsFromFault: null, secondsFromAssignment: null, seconds: 0 });

/** Rounds on one campaign's stack; false when a round could not be brought to its end, as nothing behind it would mean anything. */
async function play(campaign: Campaign, order: readonly string[], done: Round[], from: number, all: number): Promise<boolean> {
  await campaign.start();
  for (const name of order) {
    const number = from + done.length;
    const round = await campaign.round(number, name, faults[name] as Fault).catch((error: Error) => failedRound(number, name, error));
    done.push(round);
    say(`${String(number).padStart(3)}/${all}  ${name.padEnd(24)} ${round.seconds.toFixed(0).padStart(4)} s  first applied after ${shown(round.secondsFromFault)}  ${round.cells} cells  ${round.drift === 0 ? 'all as recounted' : `WRONG:\n  ${round.wrong.join('\n  ')}`}`);
    if (round.failed) {
      say(`what the services said is kept in ${campaign.keepLogs()}`);
      return false;
    }
  }
  return true;
}

/** One broker for most; faults that need three have a stack of their own, behind all others. */
function campaignsOf(options: Options): readonly { readonly campaign: Campaign; readonly order: readonly string[] }[] {
  const order = orderOf(options);
  const needsThree = (name: string): boolean => faults[name]?.surroundings === 'three brokers';
  const [allOnOne, allOnThree] = [order.filter((name) => !needsThree(name)), order.filter(needsThree)];
  const played = options.from - 1;
  const [one, three] = [allOnOne.slice(played), allOnThree.slice(Math.max(0, played - allOnOne.length))];
  const plain = new RunningSystem(0, { TIDEWAITER_PROFILE: PROFILE });
  const campaigns = [
    { campaign: new Campaign(plain, options, new Random(`faults/${options.seed}`)), order: one },
    { campaign: new Campaign(new ClusterSystem(CLUSTER_LANE, { TIDEWAITER_PROFILE: PROFILE, ...clusterSettings(plain.config.TIDEWAITER_BASE_PORT + 100 * CLUSTER_LANE) }), options, new Random(`cluster/${options.seed}`), 'three brokers'), order: three },
  ];
  return campaigns;
}

async function run(options: Options): Promise<void> {
  const done: Round[] = [];
  const campaigns = campaignsOf(options);
  const all = campaigns.reduce((sum, { order }) => sum + order.length, 0);
  let playing: Campaign | undefined;
  const stop = (): void => { void (playing?.stop() ?? Promise.resolve()).finally(() => process.exit(130)); };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    for (const { campaign, order } of campaigns.filter(({ order: rounds }) => rounds.length > 0)) {
      playing = campaign;
      try { if (!(await play(campaign, order, done, options.from, options.from - 1 + all))) break; } finally { await campaign.stop(); }
    }
  } finally {
    process.stdout.write(options.json ? `${JSON.stringify({ rounds: done, totals: totalsOf(done) })}\n` : `${inWords(done)}\n`);
  }
  process.exitCode = done.length === all && done.every(({ drift }) => drift === 0) ? 0 : 1;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

void new Command('faults')
  .description('breaks the real parts while declarations flow, and recounts every cell')
  .option('--rounds <number>', 'rounds; default: every fault once', whole)
  .option('--from <number>', 'goes on with this round of the same order, on a stack made anew', whole, 1)
  .option('--seed <text>', 'decides events and order', '1')
  .option('--events <number>', 'events in each round', whole, 3_000)
  .option('--rate <number>', 'events a second', whole, 300)
  .option('--json', 'the report as one JSON object')
  .addOption(new Option('--only <faults...>', 'these faults alone').choices(Object.keys(faults)))
  .action(run)
  .parseAsync()
  .catch((error: Error) => { say(error.stack ?? error.message); process.exitCode = 1; });
