/** `stack up`, `stack down`, `stack status`: broker, registry and Redis of this machine. */
import { Command } from 'commander';
import { readConfig, type Config } from '../../shell/config';
import { projectRoot } from '../../shell/project-root';
import { dockerDown, dockerIsNeeded, dockerStatus, dockerUp } from '../../stack/docker-stack';
import { stackDown, stackStatus, stackUp, type StackSettings } from '../../stack/native-stack';
import { StackError } from '../../stack/stack-error';
import { CommandFailure } from '../failure';
import { print, printJson, say, table } from '../output';

export function stackCommand(): Command {
  const stack = new Command('stack').description('the broker, the registry and Redis on this machine, for development and small sites').addHelpText('after', `
Data, logs and pids are under TIDEWAITER_HOME; ports follow TIDEWAITER_BASE_PORT. Fetched jars are kept in
TIDEWAITER_CACHE (default: cache in the home folder).

Examples:
  tidewaiter stack up
  TIDEWAITER_HOME=/tmp/second TIDEWAITER_BASE_PORT=31000 tidewaiter stack up
  tidewaiter stack status --json`);
  stack.command('up').description('fetches what is missing, starts all three, returns when they answer').action(() => mendable(async (known) => (dockerIsNeeded() ? dockerUp(known) : stackUp(known))));
  stack.command('down').description('stops them; data stays').action(() => mendable(async (known) => (dockerIsNeeded() ? dockerDown(known) : stackDown(known))));
  stack.command('status').description('what runs and answers; exit code 1 unless all do').option('--json', 'one JSON object').action(async (options: { json?: true }) => {
    const known = settings(readConfig());
    const parts = await (dockerIsNeeded() ? dockerStatus(known) : stackStatus(known));
    if (options.json) printJson({ parts });
    else print(table(['part', 'pid', 'port', 'answers'], parts.map(({ name, pid, port, answers }) => [name, pid ?? '', port, answers ? 'yes' : 'no'])));
    if (parts.some(({ answers }) => !answers)) throw new CommandFailure('Not everything answers: run "tidewaiter stack up".');
  });
  return stack;
}

const settings = (config: Config): StackSettings =>
  ({ home: config.home, basePort: config.TIDEWAITER_BASE_PORT, projectRoot: projectRoot(), cache: config.cache, say });

async function mendable(work: (known: StackSettings) => Promise<void>): Promise<void> {
  try {
    await work(settings(readConfig()));
  } catch (error) {
    throw error instanceof StackError ? new CommandFailure(error.message) : error;
  }
}
