/** `close`: signs a month off, lists what was signed off, restores it in the store. */
import { Command } from 'commander';
import type { Seal } from '../../closing/closed-period';
import { closeMonth, type ClosingOutcome } from '../../closing/close-month';
import { restore } from '../../closing/restore';
import { whyNotClosed } from '../../closing/why-not-closed';
import { Calendar } from '../../domain/period';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { readCubes, readProfile } from '../../shell/definition-files';
import { isMonth } from '../arguments';
import { CountProgress } from '../count-progress';
import { CommandFailure, usage } from '../failure';
import { checkManifest } from '../../shell/manifest-check';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, say, table } from '../output';

export function closeCommand(): Command {
  const close = new Command('close').description('signs a month off; its figures stand from then on').addHelpText('after', `
Examples:
  tidewaiter close month 2026-10 --by "N. Mbala"
  tidewaiter close list`);
  close.command('month').description('freezes the figures of a month with a digest')
    .argument('<month>', 'as 2026-10')
    .requiredOption('--by <name>', 'who signs; shown with the figures')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
The month must be final. It is not opened again: what comes later shows as an adjustment beside it, in
"tidewaiter query … --adjustments" and on the aggregate topics.

Examples:
  tidewaiter close month 2026-10 --by "N. Mbala"`)
    .action(runClose);
  close.command('list').description('months that were signed off, by whom, with their digests')
    .option('--json', 'one JSON object a line')
    .action(runList);
  close.command('restore').description('writes a closed month into Redis again, as the topic has it')
    .argument('<month>', 'as 2026-10')
    .addHelpText('after', `
publish does this by itself for what Redis lost. It takes a person to overwrite what "tidewaiter verify"
found to be different.`)
    .action(runRestore);
  return close;
}

async function runClose(month: string, { by, json }: { by: string; json?: true }): Promise<void> {
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const calendar = new Calendar(profile.timeZone);
  if (!isMonth(month, calendar)) throw usage(`"${month}" is no month, such as 2026-10`);
  const closedBy = by.trim();
  if (closedBy === '' || closedBy.length > limits.closedByLength) throw usage(`--by takes a name of at most ${limits.closedByLength} characters`);
  await withNeighbours(config, async (neighbours) => {
    const reader = await neighbours.figures();
    checkManifest(await neighbours.redisCall(reader.manifest()), config);
    const log = await neighbours.log((trouble) => { if (trouble !== undefined) say(trouble); });
    const sink = await log.sink();
    neighbours.onClose(() => sink.close());
    let progress: CountProgress | undefined;
    const outcome = await closeMonth({ month, closedBy, nowMs: Date.now(), cubes: readCubes(), calendar, graceMs: profile.finalGraceMinutes * 60_000 }, {
      reader, closed: await neighbours.closed(), records: await neighbours.closedRecords(), inspector: await neighbours.inspector(log), sink,
      onProgress: (done, total) => { progress ??= new CountProgress(total, 'tables'); progress.update(done); },
    });
    progress?.stop();
    const seal = sealed(month, outcome);
    if (json) printJson(shown(seal));
    else print(`${month} is closed: ${seal.fields} values in ${seal.hashes} tables, signed by ${seal.closedBy}.\ndigest  ${seal.digest}`);
  });
}

/** @throws CommandFailure that says why the month is not closed. */
function sealed(month: string, outcome: ClosingOutcome): Seal {
  if ('seal' in outcome) return outcome.seal;
  throw new CommandFailure(whyNotClosed(month, outcome));
}

async function sealsOnTopic(neighbours: Neighbours): Promise<Map<string, Seal>> {
  const records = await neighbours.closedRecords();
  return neighbours.kafkaCall(records.readSeals(await neighbours.inspector()));
}

const shown = ({ closedAtMs, ...seal }: Seal): Record<string, unknown> => ({ ...seal, closedAt: new Date(closedAtMs).toISOString() });

async function runList({ json }: { json?: true }): Promise<void> {
  const seals = await withNeighbours(readConfig(), sealsOnTopic);
  const sorted = [...seals.values()].sort((a, b) => (a.period < b.period ? -1 : 1));
  if (json) for (const seal of sorted) printJson(shown(seal));
  else print(sorted.length === 0 ? 'No month was closed.' : table(['month', 'closed by', 'closed at', 'values', 'digest'], sorted.map(({ period, closedBy, closedAtMs, fields, digest }) => [period, closedBy, new Date(closedAtMs).toISOString(), fields, digest]), [3]));
}

async function runRestore(month: string): Promise<void> {
  await withNeighbours(readConfig(), async (neighbours) => {
    const records = await neighbours.closedRecords();
    const inspector = await neighbours.inspector();
    const seal = (await neighbours.kafkaCall(records.readSeals(inspector))).get(month);
    if (!seal) throw new CommandFailure(`${month} was not closed: "tidewaiter close list" shows what was`);
    await restore([seal], records, inspector, await neighbours.closed());
    print(`${month} is in Redis again as it was signed off: ${seal.digest}`);
  });
}
