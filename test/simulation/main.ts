/** `scripts/simulate`: many seeds, one after the other. */
import { Command, InvalidArgumentError } from 'commander';
import { CountProgress } from '../../services/cli/count-progress';
import { planOf, reportOf, shrink, simulate } from './run';

interface Seeds { readonly first: number; readonly last: number }
interface Options { readonly seeds: Seeds; readonly events: number }

function seeds(text: string): Seeds {
  const [, first, last] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined || Number(last ?? first) < Number(first)) throw new InvalidArgumentError('must be a seed such as 17, or a range such as 1..1000');
  return { first: Number(first), last: Number(last ?? first) };
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

async function run({ seeds: { first, last }, events }: Options): Promise<void> {
  const progress = new CountProgress(last - first + 1, 'seeds');
  const startMs = Date.now();
  let [virtualMs, failed, faults] = [0, 0, 0];
  for (let seed = first; seed <= last; seed++) {
    const plan = planOf(String(seed), events);
    const verdict = await simulate(plan);
    virtualMs += verdict.virtualMs;
    faults += plan.faults.length;
    if (verdict.wrong.length > 0) {
      failed++;
      process.stdout.write(`\n${reportOf(await shrink(plan), verdict.wrong)}\n`);
    }
    progress.update(seed - first + 1);
  }
  progress.stop();
  const hours = (virtualMs / 3_600_000).toFixed(1);
  process.stdout.write(`${last - first + 1} seeds, ${faults} faults, ${hours} simulated hours in ${((Date.now() - startMs) / 1_000).toFixed(0)} s: ${failed === 0 ? 'every figure as recounted' : `${failed} went wrong`}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void new Command('simulate')
  .description('the whole system under seeded faults, in virtual time')
  .option('--seeds <seeds>', 'one seed, or a range', seeds, { first: 1, last: 200 })
  .option('--events <number>', 'events in each run', whole, 250)
  .action(run)
  .parseAsync();
