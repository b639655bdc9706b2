/** `doctor`: what is wrong with this installation, and what to do about it. */
import { Command } from 'commander';
import { ConfigurationError, readConfig } from '../../shell/config';
import { checks, type Check, type Finding } from '../doctor-checks';
import { CommandFailure } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson } from '../output';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('checks the installation: each fault with its remedy; exit code 1 when there is one')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
Examples:
  tidewaiter doctor
  tidewaiter doctor --json`)
    .action(run);
}

async function run({ json }: { json?: true }): Promise<void> {
  const findings = await withNeighbours(readConfig(), async (neighbours) => {
    const all: (Finding & { name: string })[] = [];
    for (const check of checks) all.push({ name: check.name, ...(await examined(check, neighbours)) });
    return all;
  });
  const faults = findings.filter(({ verdict }) => verdict === 'fault').length;
  if (json) printJson({ checks: findings, healthy: faults === 0 });
  else for (const { name, verdict, found, fix } of findings) print(`${verdict.padEnd(8)}${name.padEnd(15)}${found}${fix === undefined ? '' : `\n${' '.repeat(23)}→ ${fix}`}`);
  if (faults > 0) throw new CommandFailure(`${faults} ${faults === 1 ? 'fault' : 'faults'} found.`);
}

/** A check that cannot be made is a fault that says why. */
async function examined(check: Check, neighbours: Neighbours): Promise<Finding> {
  try {
    return await check.run(neighbours);
  } catch (error) {
    const mendable = error instanceof CommandFailure || error instanceof ConfigurationError;
    return { verdict: 'fault', found: (error as Error).message, ...(mendable ? {} : { fix: 'repair the installation, or report this with the message' }) };
  }
}
