/** `console`: who may sign in to the console. */
import { Command } from 'commander';
import { accessParts } from '../../console/access/access-parts';
import { isRole, roles, type Role } from '../../console/access/permissions';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { commaSeparated, positiveInteger } from '../arguments';
import { usage } from '../failure';
import { print, printJson } from '../output';

export function consoleCommand(): Command {
  const command = new Command('console').description('signing in to the console in the browser').addHelpText('after', `
Examples:
  tidewaiter console token --name "N. Mbala" --roles viewer,enforcement --once`);
  command.command('token').description('prints an address that signs somebody in')
    .requiredOption('--name <name>', 'who it is for; stands in the audit log')
    .requiredOption('--roles <roles>', `comma-separated, of ${roles.join(', ')}; none implies another`, commaSeparated)
    .option('--hours <n>', 'how long it lasts', positiveInteger, limits.sessionHours)
    .option('--once', 'works for one sign-in alone')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
Whoever has the address has the roles: hand it over as a password. Tokens are signed with the key of
TIDEWAITER_CONSOLE_KEY_FILE, else with console.key under TIDEWAITER_HOME, which is made on first use; a new key ends
all tokens and sessions.

Examples:
  tidewaiter console token --name "N. Mbala" --roles viewer,analyst --hours 12
  tidewaiter console token --name wallboard --roles viewer --hours 700 --json`)
    .action(token);
  return command;
}

async function token({ name, roles: asked, hours, once, json }: { name: string; roles: string[]; hours: number; once?: true; json?: true }): Promise<void> {
  const person = name.trim();
  if (person === '' || person.length > limits.personNameLength) throw usage(`--name takes a name of at most ${limits.personNameLength} characters`);
  const unknown = asked.find((role) => !isRole(role));
  if (unknown !== undefined) throw usage(`there is no role "${unknown}"; there are ${roles.join(', ')}`);
  if (hours > limits.tokenHoursMost) throw usage(`--hours takes at most ${limits.tokenHoursMost}`);
  const config = readConfig();
  const { tokens } = accessParts(config, () => Date.now());
  const text = await tokens.issue({ name: person, roles: asked as Role[], hours, once: once === true });
  const address = `${config.consoleUrl}/#token=${text}`;
  if (json) printJson({ address, token: text });
  else print(address);
}
