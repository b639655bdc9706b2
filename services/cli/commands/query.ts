/** `query`: figures of a view and period, as a table, CSV or JSON. */
import { Command, Option } from 'commander';
import { viewShapes } from '../../domain/cubes';
import { cubesOfRestored } from '../../domain/restored-namespace';
import { answerQuery, type QueryAnswer } from '../../query/answer-query';
import { parsePeriodRequest, PERIOD_FORMS, resolvePeriod, type PeriodRequest } from '../../query/period-request';
import { dimensionFault } from '../../query/plan';
import { readConfig, type Config } from '../../shell/config';
import type { View } from '../../topology';
import { commaSeparated, dimensionValue, moment } from '../arguments';
import { CommandFailure, exitCodes, usage } from '../failure';
import { checkReadable } from '../../shell/manifest-check';
import { withNeighbours } from '../neighbours';
import { printJson, say } from '../output';
import { queryContext } from '../../query/query-context';
import { showFigures } from '../show-figures';
import { languages, type Language } from '../../domain/language';

interface Options { period: string; by: string[]; where: Record<string, string>; at?: number; namespace?: string; json?: true; csv?: true; adjustments?: true; lang: Language }

export function queryCommand(): Command {
  return new Command('query')
    .description('figures of a view, as a table, --csv or --json')
    .argument('<view>', Object.keys(viewShapes).join(', '))
    .requiredOption('--period <period>', PERIOD_FORMS)
    .option('--by <dimensions>', 'dimensions, comma-separated', commaSeparated, [])
    .option('--where <dimension=value>', 'only these; may be repeated', dimensionValue, {})
    .option('--at <moment>', 'end of a rolling window; default: the newest event seen', moment)
    .option('--namespace <name>', 'figures of another namespace')
    .option('--adjustments', 'of closed months: what has come since they were signed off')
    .option('--json', 'one JSON object')
    .addOption(new Option('--csv', 'comma-separated values').conflicts('json'))
    .addOption(new Option('--lang <language>', 'language of the table').choices(languages).default('en'))
    .addHelpText('after', `
A day, month … is cut in the profile's time zone; a rolling window is (T - length, T] in whole minutes.
A closed month shows the figures that were signed off; figure now = figure shown + adjustment.
Exit code 75: the figures are being rebuilt and incomplete.

Examples:
  tidewaiter query revenue --period month:2026-03 --by office
  tidewaiter query statistics --period quarter:2026-Q1 --by chapter,partner --where flow=IMPORT --csv
  tidewaiter query operations --period rolling:24h --json
  tidewaiter query revenue --period month:2026-02 --by office --adjustments
  tidewaiter query quality --period month:2026-03 --by office
  tidewaiter query quality --period month:2026-03 --by hs6 --where flow=IMPORT --csv     unit values that stand out`)
    .action((view: string, options: Options) => runQuery(view, options));
}

async function runQuery(name: string, options: Options): Promise<void> {
  if (!Object.hasOwn(viewShapes, name)) throw usage(`there is no view "${name}"; there are ${Object.keys(viewShapes).join(', ')}`);
  const view = name as View;
  const period = parsePeriodRequest(options.period);
  if (!period) throw usage(`--period "${options.period}" has none of the forms ${PERIOD_FORMS}`);
  if (options.at !== undefined && period.kind !== 'rolling') throw usage('--at goes with a rolling period only');
  const fault = dimensionFault({ view, by: options.by, where: options.where });
  if (fault !== undefined) throw usage(fault);
  const config = readConfig(options.namespace === undefined ? process.env : { ...process.env, TIDEWAITER_NAMESPACE: options.namespace });
  const answer = await ask(config, view, period, options);
  if (options.json) printJson(answer);
  else showFigures(answer, options.lang, options.csv === true);
  if (answer.status === 'catching-up') {
    say('The figures are being rebuilt: they are incomplete until the store has caught up.');
    process.exitCode = exitCodes.catchingUp;
  }
  if (answer.status === 'restored') say(`Restored from the aggregate topics, as of events up to ${answer.asOf.streamTime ?? 'none'}: nothing is counted into this namespace.`);
}

async function ask(config: Config, view: View, period: PeriodRequest, { by, where, at, adjustments, namespace }: Options): Promise<QueryAnswer> {
  const context = queryContext(config);
  if (!resolvePeriod(period, context.calendar, 0)) throw usage(`there is no ${period.kind} ${period.value}`);
  return withNeighbours(config, async (neighbours) => {
    const reader = await neighbours.figures();
    const restored = checkReadable(await neighbours.redisCall(reader.manifest()), config);
    const kept = restored ? { ...context, restored, cubes: cubesOfRestored(context.cubes, restored) } : context;
    const outcome = await neighbours.redisCall(answerQuery({ view, by, where, period, ...(at === undefined ? {} : { atMs: at }), adjustments: adjustments === true }, kept, reader, await neighbours.closed()));
    if ('malformed' in outcome) throw usage(outcome.malformed);
    if ('refused' in outcome) throw new CommandFailure(restored ? `${outcome.refused}\nThis namespace has only what went to the aggregate topics.` : outcome.refused);
    return outcome;
  }, namespace);
}
