/** `generate`: synthetic declarations, and the figures that they must give. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Command } from 'commander';
import { ExpectedFigures } from '../../generate/expected';
import { emptyTally, generate } from '../../generate/generate';
import { CountProgress } from '../count-progress';
import { writeLines } from '../../generate/write-lines';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { moment, positiveInteger } from '../arguments';
import { CommandFailure } from '../failure';
import { say } from '../output';
import { monotonicMs } from '../../shell/waiting';

const HOUR_MS = 3_600_000;

interface Options { count: number; seed: string; out?: string; expected?: string; faults: boolean; days: number; until?: number; profile?: string }

export function generateCommand(): Command {
  return new Command('generate')
    .description('writes synthetic declarations, one event a line')
    .requiredOption('--count <n>', 'how many events', positiveInteger)
    .requiredOption('--seed <s>', 'any text; the same seed and --until give the same bytes')
    .option('--out <file>', 'where to; default: standard output')
    .option('--expected <file>', 'also write the figures that these events must give, one JSON object a line')
    .option('--no-faults', 'leave out events that must be refused')
    .option('--days <n>', 'how many days the events are spread over', positiveInteger, 60)
    .option('--until <time>', 'nothing happens after it; default: the full hour before the last one', moment)
    .option('--profile <id>', 'authority whose declarations they are; default: TIDEWAITER_PROFILE')
    .addHelpText('after', `
About one event in a hundred is faulty and has to be refused; feeding the file gives every other one its
place in the figures, in whatever order.

Examples:
  tidewaiter generate --count 10000 --seed 1 --out declarations.ndjson --expected figures.ndjson
  tidewaiter generate --count 1000 --seed 7 --until 2026-03-31T22:00Z | tidewaiter feed - --format ndjson`)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const profile = readProfile(options.profile ?? readConfig().TIDEWAITER_PROFILE);
  const untilMs = options.until ?? Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const { count, seed, days } = options;
  const figures = options.expected === undefined ? undefined : new ExpectedFigures(profile);
  const tally = emptyTally();
  const progress = new CountProgress(count, 'events');
  const startMs = monotonicMs();
  try {
    const lines = generate({ profile, seed, count, days, untilMs, withFaults: options.faults }, tally, figures && ((events) => figures.add(events)));
    if (options.out === undefined) await writeLines(lines, process.stdout, (written) => progress.update(written));
    else await toFile(options.out, lines, (written) => progress.update(written));
  } finally {
    progress.stop();
  }
  if (figures && options.expected !== undefined) await toFile(options.expected, figures.rows());
  say(`${tally.events} events of ${tally.declarations} declarations up to ${new Date(untilMs).toISOString()}, seed ${seed}, profile ${profile.id}, in ${((monotonicMs() - startMs) / 1_000).toFixed(1)} s`);
  say(`amended ${tally.amended}, cancelled ${tally.cancelled}, repeated ${tally.repeats}, sent again otherwise ${tally.conflicts}, faulty ${tally.faults}`);
}

async function toFile(file: string, lines: Iterable<string>, onChunk?: (written: number) => void): Promise<void> {
  const output: Writable = createWriteStream(file);
  try {
    await once(output, 'open');
    await writeLines(lines, output, onChunk);
    output.end();
    await once(output, 'finish');
  } catch (error) {
    output.destroy();
    throw new CommandFailure(`cannot write ${file}: ${(error as Error).message}`);
  }
}
