/** `scripts/simulate`: many seeds, one after the other. */
import { Command, InvalidArgumentError } from 'commander';
import { CountProgress } from '../../services/cli/count-progress';
import { guardNamed } from './guards';
import { RED, runMutant } from './mutant';
import { planOf, reportOf, shrink, simulate } from './run';

interface Seeds { readonly first: number; readonly last: number }
interface Options { readonly seeds: Seeds; readonly events: number; readonly brief: boolean; readonly untilRed: boolean; readonly without?: string }

function seeds(text: string): Seeds {
  const [, first, last] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined || Number(last ?? first) < Number(first)) throw new InvalidArgumentError('must be a seed such as 17, or a range such as 1..1000');
  return { first: Number(first), last: Number(last ?? first) };
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

/** The same seeds in a process of its own, on a copy of the code: how many of them notice. */
async function runWithout(name: string, { seeds: { first, last }, events, untilRed }: Options): Promise<void> {
  const options = ['--seeds', `${first}..${last}`, '--events', String(events), '--brief', ...(untilRed ? ['--until-red'] : [])];
  const { output } = await runMutant(guardNamed(name).patches, options);
  process.stdout.write(`without '${name}'\n${output}`);
}

async function run(given: Options): Promise<void> {
  const { seeds: { first, last }, events, brief, untilRed, without } = given;
  if (without !== undefined) return runWithout(without, given);
  const progress = new CountProgress(last - first + 1, 'seeds');
  const startMs = Date.now();
  let [virtualMs, failed, faults, runs] = [0, 0, 0, 0];
  for (let seed = first; seed <= last; seed++) {
    const plan = planOf(String(seed), events);
    const verdict = await simulate(plan);
    runs++;
    virtualMs += verdict.virtualMs;
    faults += plan.faults.length;
    if (verdict.wrong.length > 0) {
      failed++;
      process.stdout.write(`\n${brief ? `seed ${seed} goes wrong: ${verdict.wrong[0]?.split('\n')[0]}` : reportOf(await shrink(plan), verdict.wrong)}\n`);
      if (untilRed) break;
    }
    progress.update(seed - first + 1);
  }
  progress.stop();
  const hours = (virtualMs / 3_600_000).toFixed(1);
  process.stdout.write(`${runs} seeds, ${faults} faults, ${hours} simulated hours in ${((Date.now() - startMs) / 1_000).toFixed(0)} s: ${failed === 0 ? 'every figure as recounted' : `${failed} went wrong`}\n`);
  process.exitCode = failed === 0 ? 0 : RED;
}

void new Command('simulate')
  .description('the whole system under seeded faults, in virtual time')
  .option('--seeds <seeds>', 'one seed, or a range', seeds, { first: 1, last: 200 })
  .option('--events <number>', 'events in each run', whole, 250)
  .option('--brief', 'name the seeds that go wrong, and do not look for the fewest faults', false)
  .option('--until-red', 'end with the first seed that goes wrong', false)
  .option('--without <guard>', 'on a copy of the code without this guard: how many seeds notice')
  .action(run)
  .parseAsync();
