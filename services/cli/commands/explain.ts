/** `explain`: the declarations that make a figure up, adding up to it exactly; or the figures that a declaration adds to. */
import { Command, Option } from 'commander';
import { viewShapes } from '../../domain/cubes';
import { languages, type Language } from '../../domain/language';
import { declarationHistory, explainedDeclaration, type ExplainedDeclaration } from '../../explain/explain-declaration';
import { explainFigure } from '../../explain/explain-figure';
import { explanationOf, type Explanation } from '../../explain/explanation';
import { limits } from '../../limits';
import { parsePeriodRequest, PERIOD_FORMS, resolvePeriod } from '../../query/period-request';
import { dimensionFault } from '../../query/plan';
import { queryContext } from '../../query/query-context';
import { avroType } from '../../shell/avro/codec';
import { ledgerSchema } from '../../shell/avro/schema-files';
import { readConfig, type Config } from '../../shell/config';
import { LedgerEntries } from '../../shell/ledger-entries';
import { checkManifest } from '../../shell/manifest-check';
import { countedTopic, type View } from '../../topology';
import { dimensionValue, moment, positiveInteger } from '../arguments';
import { mustHaveItsHistory } from '../counted-history';
import { CountProgress } from '../count-progress';
import { logChoiceOf } from '../explained-log';
import { CommandFailure, exitCodes, usage } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { printJson, say } from '../output';
import { showDeclaration, showExplanation } from '../show-explanation';

interface Options { period?: string; where: Record<string, string>; at?: number; declaration?: string; limit?: number; all?: true; brief?: true; namespace?: string; json?: true; csv?: true; lang: Language }

export function explainCommand(): Command {
  return new Command('explain')
    .description('the declarations that make a figure up, adding up to it exactly; or every figure that a declaration adds to')
    .argument('[view]', 'revenue, statistics, precursors, operations')
    .option('--period <period>', PERIOD_FORMS)
    .option('--where <dimension=value>', 'the figure of these alone; may be repeated', dimensionValue, {})
    .option('--at <moment>', 'end of a rolling window; default: the newest event seen', moment)
    .option('--declaration <id>', 'the other way round: every cell that it adds to, and all its versions')
    .addOption(new Option('--limit <n>', `declarations shown, largest first; default ${limits.contributionsShown}`).argParser(positiveInteger).conflicts('all'))
    .option('--all', 'all declarations')
    .option('--brief', 'without what the log says: codes, lists, revisions, versions')
    .option('--namespace <name>', 'figures of another namespace')
    .option('--json', 'one JSON object')
    .addOption(new Option('--csv', 'the contributions as comma-separated values').conflicts('json'))
    .addOption(new Option('--lang <language>', 'language of the tables').choices(languages).default('en'))
    .addHelpText('after', `
All declarations are added up, however few are shown. A closed month shows the figures that were signed off, and what
came since: both together are what the declarations add up to. Exit code 1: they do not add up, and the measures are
named; 75: the figures are being rebuilt, or a replay's history is not counted to its end.

Examples:
  tidewaiter explain revenue --period month:2026-03 --where office=KIN01 --where taxType=CUD --where chapter=87
  tidewaiter explain statistics --period day:2026-03-15 --where hs6=870323 --where flow=IMPORT --all --csv
  tidewaiter explain operations --period rolling:24h --brief
  tidewaiter explain revenue --period month:2026-03 --namespace duty-2026        figures of a replay
  tidewaiter explain --declaration CD-2026-000123`)
    .action((view: string | undefined, options: Options) => (options.declaration === undefined ? runFigure(view, options) : runDeclaration(view, options.declaration, options)));
}

const configOf = ({ namespace }: Options): Config => readConfig(namespace === undefined ? process.env : { ...process.env, TIDEWAITER_NAMESPACE: namespace });

async function runFigure(name: string | undefined, options: Options): Promise<void> {
  if (name === undefined || options.period === undefined) throw usage('say which figure: a view and --period, or --declaration');
  if (!Object.hasOwn(viewShapes, name)) throw usage(`there is no view "${name}"; there are ${Object.keys(viewShapes).join(', ')}`);
  const explanation = await explained(name as View, options.period, options);
  if (options.json) printJson(explanation);
  else showExplanation(explanation, options.lang, options.csv === true);
  if (explanation.status === 'catching-up') say('The figures are being rebuilt: they are incomplete until the store has caught up, and may not add up before.');
  for (const { measure, figure, explained: sum } of explanation.differences) say(`${measure}: the figure is ${figure}, the declarations add up to ${sum} (units of the store)`);
  process.exitCode = exitCodeOf(explanation);
}

/** Figures that are counted in steps do not add up before the last one: that is no fault. */
export function exitCodeOf({ status, addsUp }: Pick<Explanation, 'status' | 'addsUp'>): number {
  if (status === 'catching-up') return exitCodes.catchingUp;
  return addsUp ? 0 : exitCodes.failed;
}

async function explained(view: View, text: string, options: Options): Promise<Explanation> {
  const { where, at, limit, all, brief } = options;
  const period = parsePeriodRequest(text);
  if (!period) throw usage(`--period "${text}" has none of the forms ${PERIOD_FORMS}`);
  if (at !== undefined && period.kind !== 'rolling') throw usage('--at goes with a rolling period only');
  const fault = dimensionFault({ view, by: [], where });
  if (fault !== undefined) throw usage(fault);
  const config = configOf(options);
  const context = queryContext(config);
  if (!resolvePeriod(period, context.calendar, 0)) throw usage(`there is no ${period.kind} ${period.value}`);
  return withNeighbours(config, async (neighbours) => {
    const reader = await neighbours.figures();
    checkManifest(await neighbours.redisCall(reader.manifest()), config);
    await mustHaveItsHistory(neighbours, reader);
    const outcome = await neighbours.redisCall(explainFigure({ view, where, period, ...(at === undefined ? {} : { atMs: at }) }, context, {
      reader, ledger: await neighbours.ledger(), closed: await neighbours.closed(), entries: new LedgerEntries(avroType(ledgerSchema())),
      partitions: config.TIDEWAITER_PARTITIONS, ledgerDays: (await neighbours.meant()).replay ? 0 : config.TIDEWAITER_LEDGER_HORIZON_DAYS,
    }), limits.explainCallMs);
    if ('malformed' in outcome) throw usage(outcome.malformed);
    if ('refused' in outcome) throw new CommandFailure(outcome.refused);
    const choice = { limit: all ? Infinity : (limit ?? limits.contributionsShown), minorUnits: context.minorUnits, cubes: context.cubes, period };
    return withProgress('declarations', async (onProgress) => explanationOf(outcome, choice, brief ? undefined : await logChoiceOf(neighbours, reader, onProgress)), neighbours);
  }, options.namespace);
}

async function withProgress<Answer>(noun: string, read: (onProgress: (done: number, total: number) => void) => Promise<Answer>, neighbours: Neighbours): Promise<Answer> {
  let progress: CountProgress | undefined;
  try {
    return await neighbours.kafkaCall(read((done, total) => { progress ??= new CountProgress(total, noun); progress.update(done); }), limits.topicReadMs);
  } finally {
    progress?.stop();
  }
}

async function runDeclaration(view: string | undefined, declarationId: string, options: Options): Promise<void> {
  if (view !== undefined || options.period !== undefined) throw usage('--declaration goes without a view and a period: it shows all of them');
  const config = configOf(options);
  const context = queryContext(config);
  const declaration = await withNeighbours(config, async (neighbours): Promise<ExplainedDeclaration> => {
    const [reader, ledger, decided] = [await neighbours.figures(), await neighbours.ledger(), options.brief ? undefined : (await logChoiceOf(neighbours, await neighbours.figures(), undefined)).decided];
    checkManifest(await neighbours.redisCall(reader.manifest()), config);
    const kept = { ...context, fineSinceMs: (await neighbours.meant()).replay?.fineSinceMs };
    const partition = (await neighbours.log()).partitionOf(declarationId, config.TIDEWAITER_PARTITIONS);
    const { entries: [entry] } = await neighbours.redisCall(ledger.readLedger({ topic: countedTopic, partition }, [declarationId]));
    const facts = entry ? new LedgerEntries(avroType(ledgerSchema())).decode(entry) : undefined;
    const history = decided && (await withProgress('records', (onProgress) => declarationHistory(declarationId, partition, kept, decided, onProgress), neighbours));
    return explainedDeclaration(declarationId, facts, history?.entries ?? null, kept);
  }, options.namespace);
  if (!declaration.cells.length && !declaration.history?.length) throw new CommandFailure(`nothing is known of a declaration "${declarationId}"`);
  if (options.json) printJson(declaration);
  else showDeclaration(declaration, options.lang, options.csv === true);
}
