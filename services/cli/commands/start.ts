/** `start`: services under one supervisor, in the foreground. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { readStateFile } from '../../shell/states/state-files';
import { CommandFailure, usage } from '../failure';
import { say } from '../output';
import { mainFile, metricsPortOf, serviceNames } from '../../status/service-names';
import { Supervisor } from '../supervisor';

export function startCommand(): Command {
  return new Command('start')
    .description('runs services until SIGINT or SIGTERM, and starts again what died')
    .argument('[service...]', `${serviceNames().join(', ')}; none: all`)
    .addHelpText('after', `
Log lines of a service go to logs/<service>.log under TIDEWAITER_HOME. /metrics, /healthz, /readyz and /state of each are
on 127.0.0.1, at TIDEWAITER_BASE_PORT +100 for ingest and counting on in the order of the flow.

Examples:
  tidewaiter start
  tidewaiter start ingest standardize`)
    .action(run);
}

async function run(asked: readonly string[]): Promise<void> {
  const known = serviceNames();
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw usage(`there is no service "${unknown}"; there are ${known.join(', ')}`);
  const config = readConfig();
  readProfile(config.TIDEWAITER_PROFILE);
  const names = asked.length === 0 ? known : [...new Set(asked)];
  const unbuilt = names.find((name) => !existsSync(mainFile(name)));
  if (unbuilt !== undefined) throw new CommandFailure(`the service ${unbuilt} is not built: run "npm run build"`);
  for (const name of names) {
    const pid = readStateFile(config.home, name)?.pid ?? null;
    if (pid !== null) say(`${name} already runs under this home (pid ${pid}); a second one shares its work`);
  }
  const supervisor = new Supervisor({ home: config.home, say, environmentOf: (name) => ({ TIDEWAITER_METRICS_PORT: String(metricsPortOf(name, config)) }) });
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => { supervisor.stop().then(resolve, reject); };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    supervisor.start(names);
  });
}
