/** `rebuild`: counts the log again into a fresh namespace, or restores it from the aggregate topics, and compares every figure with the live ones. */
import { Command } from 'commander';
import { startAggregate } from '../../aggregate/start';
import { Calendar } from '../../domain/period';
import { LimitedSource, type OffsetLimits } from '../../shell/limited-source';
import { rebuild, type RebuildResult } from '../../rebuild/rebuild';
import { readConfig, type Config } from '../../shell/config';
import { connectFigures, connectLog, connectNeighbours } from '../../shell/connect';
import { readCubes, readProfile } from '../../shell/definition-files';
import type { Log } from '../../shell/ports';
import type { RunningService } from '../../shell/service';
import { StateReporter } from '../../shell/service-state';
import { CountProgress } from '../count-progress';
import { CommandFailure, exitCodes, usage } from '../failure';
import { checkManifest } from '../../shell/manifest-check';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, say, table } from '../output';
import { restoreFromAggregates } from '../restore-from-aggregates';

const SHOWN = 20;

interface Options { namespace?: string; fromAggregates?: true; keep?: true; json?: true }

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('counts the log again into a fresh namespace, or restores it from the aggregate topics, and compares every figure with the live ones')
    .option('--from-aggregates', 'takes what was published, and counts nothing: also without declarations, or while Redis is empty')
    .option('--namespace <name>', 'where to; emptied before (default: "rebuild", with --from-aggregates "restored")')
    .option('--keep', 'keeps the namespace afterwards')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
The services go on meanwhile: the live figures of each month are copied as of one moment, and the log is counted
exactly up to it. It takes as much memory in Redis as the live namespace. Exit code 1: something differs; every
differing cell is named.

With --from-aggregates the highest revision of each published cell is written, exact to the last digit, as "tidewaiter
query … --namespace restored" then shows it; what is not published (days of revenue, minutes, operations, quality) is
refused, not zero. Nobody can count into such a namespace. Months that were signed off are compared with their topic.
Where Redis holds no live figures there is nothing to compare, and exit code 0.

Examples:
  tidewaiter rebuild
  tidewaiter rebuild --namespace check-2026-11 --keep
  tidewaiter rebuild --from-aggregates --keep
  tidewaiter rebuild --from-aggregates --json`)
    .action(run);
}

async function run({ fromAggregates, namespace, keep, json }: Options): Promise<void> {
  if (fromAggregates) await restoreFromAggregates({ namespace: namespace ?? 'restored', keep: keep === true, json: json === true });
  else await countAgain({ namespace: namespace ?? 'rebuild', keep, json });
}

async function countAgain({ namespace, keep, json }: Omit<Options, 'namespace'> & { namespace: string }): Promise<void> {
  const config = readConfig();
  if (namespace === config.TIDEWAITER_NAMESPACE) throw usage(`--namespace ${namespace} is the namespace that is to be compared: name another one`);
  const freshConfig = readConfig({ ...process.env, TIDEWAITER_NAMESPACE: namespace });
  const result = await withNeighbours(config, (neighbours) => compared(neighbours, config, freshConfig, keep === true));
  if (json) printJson(result);
  else show(result, namespace, keep === true);
  if (result.differences.length > 0) process.exitCode = exitCodes.failed;
}

async function compared(neighbours: Neighbours, config: Config, freshConfig: Config, keep: boolean): Promise<RebuildResult> {
  const live = await neighbours.figures();
  checkManifest(await neighbours.redisCall(live.manifest()), config);
  const copies = await neighbours.closed();
  const fresh = connectFigures(freshConfig, neighbours.logger);
  neighbours.onClose(() => fresh.close());
  await fresh.drop();
  const counting = new FreshCounting(freshConfig, neighbours);
  let progress: CountProgress | undefined;
  try {
    return await rebuild(readCubes(), new Calendar(readProfile(config.TIDEWAITER_PROFILE).timeZone), {
      live, copies, fresh, feedTo: (offsets) => counting.feedTo(offsets), failed: counting.failed,
      onProgress: (records, total) => { counting.mustGoOn(); progress ??= new CountProgress(total, 'records'); progress.update(records); },
    });
  } finally {
    progress?.stop();
    await counting.stop();
    if (!keep) await fresh.drop();
  }
}

/** The aggregate service in this process, on its own namespace and consumer group, no further than it is told. */
class FreshCounting {
  private source: LimitedSource | undefined;
  private service: RunningService | undefined;
  private readonly state: StateReporter;
  private fail: (error: unknown) => void = () => undefined;
  readonly failed = new Promise<never>((_, reject) => { this.fail = reject; });

  constructor(private readonly config: Config, private readonly neighbours: Neighbours) {
    this.failed.catch(() => undefined);
    this.state = new StateReporter(config.home, 'rebuild');
  }

  /** @throws CommandFailure when a partition cannot be counted: it would be waited for in vain. */
  mustGoOn(): void {
    const [stopped] = Object.entries(this.state.stoppedPartitions);
    if (stopped) throw new CommandFailure(`${stopped[0]} cannot be counted again: ${stopped[1]}`);
  }

  async feedTo(offsets: OffsetLimits): Promise<void> {
    if (this.source) { this.source.raise(offsets); return; }
    const onTrouble = (trouble: string | undefined): void => { if (trouble !== undefined) say(trouble); };
    const service = await startAggregate({
      config: this.config, logger: this.neighbours.logger, state: this.state,
      neighbours: { ...connectNeighbours(this.config, 'rebuild', this.neighbours.logger, onTrouble), log: () => this.limited(connectLog(this.config, 'rebuild', this.neighbours.logger, onTrouble), offsets) },
      untilReady: (_neighbour, call) => call(),
    });
    service.done.then(() => this.fail(new CommandFailure('counting ended')), (error: unknown) => this.fail(error));
    this.service = service;
  }

  private limited(log: Log, offsets: OffsetLimits): Log {
    return {
      source: (stage, topics, namespace) => (this.source = new LimitedSource(log.source(stage, topics, namespace), offsets)),
      tail: (topics, each, from) => log.tail(topics, each, from),
      /** What live counting refused is on the rejected topic already. */
      sink: async () => ({ send: () => Promise.reject(new CommandFailure('counting again refuses what was counted: with TIDEWAITER_LEDGER_HORIZON_DAYS a namespace cannot be compared')), close: async () => undefined }),
      inspector: () => log.inspector(), partitionOf: (key, partitions) => log.partitionOf(key, partitions), close: () => log.close(),
    };
  }

  async stop(): Promise<void> { await this.service?.stop(); }
}

function show({ months, records, compared: values, differences }: RebuildResult, namespace: string, keep: boolean): void {
  if (months.length === 0) { print('There are no figures to compare.'); return; }
  print(`${records} records counted again, ${values} values of ${months.length} months compared (${months[0]} to ${months.at(-1)}): ${differences.length} differ.`);
  if (differences.length > 0) print(table(['figures', 'cell', 'live', 'counted again'], differences.slice(0, SHOWN).map(({ hash, field, live, rebuilt }) => [hash, field, live, rebuilt]), [2, 3]));
  if (differences.length > SHOWN) print(`and ${differences.length - SHOWN} more: --json names them all`);
  print(differences.length === 0 ? 'The live figures are what the log comes to.' : 'The live figures are not what the log comes to: infra/runbooks/figures-disagree.md');
  if (keep) print(`Kept: TIDEWAITER_NAMESPACE=${namespace}`);
}
