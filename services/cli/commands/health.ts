/** `health`: whether a service of this home lives and works; for container health checks. */
import { Command } from 'commander';
import { readConfig } from '../../shell/config';
import { readStateFile } from '../../shell/states/state-files';
import { CommandFailure, usage } from '../failure';
import { print } from '../output';
import { serviceNames } from '../../status/service-names';
import { needsSomebody } from '../../status/status-report';

export function healthCommand(): Command {
  return new Command('health')
    .description('exit code 0 while a service lives and works, or waits for a neighbour; asks nobody but its state file')
    .argument('<service>', serviceNames().join(', '))
    .addHelpText('after', `
A service that waits for the broker, the registry or Redis is healthy: starting it again would not help.
One with a stopped partition or an alarm is not: somebody must look (infra/runbooks).

Example:
  tidewaiter health aggregate`)
    .action((name: string) => {
      if (!serviceNames().includes(name)) throw usage(`there is no service "${name}"; there are ${serviceNames().join(', ')}`);
      const state = readStateFile(readConfig().home, name);
      const needs = needsSomebody(name, state);
      if (needs.length > 0) throw new CommandFailure(needs.join('; '));
      print(`${name} ${state?.state ?? ''}${state?.reason === undefined ? '' : `: ${state.reason}`}`);
    });
}
