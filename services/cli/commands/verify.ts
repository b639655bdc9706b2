/** `verify`: figures against themselves, against the ledger, and closed months against their seals. */
import { Command } from 'commander';
import { Calendar } from '../../domain/period';
import { limits } from '../../limits';
import { readDefinitionsByMonth } from '../../shell/applied-definitions';
import { avroType } from '../../shell/avro/codec';
import { ledgerSchema } from '../../shell/avro/schema-files';
import { readConfig, type Config } from '../../shell/config';
import { readCubes, readProfile } from '../../shell/definition-files';
import type { FigureReader } from '../../shell/figure-store';
import { LedgerEntries } from '../../shell/ledger-entries';
import type { View } from '../../topology';
import { checkClosed, isIntact, type ClosedCheck } from '../../verify/closed-check';
import { checkPeriod, type PeriodCheck } from '../../verify/check-period';
import { recountLedger, type RecountResult } from '../../verify/ledger-recount';
import type { Disagreement } from '../../verify/self-checks';
import { isMonth } from '../arguments';
import { mustHaveItsHistory } from '../counted-history';
import { CountProgress } from '../count-progress';
import { exitCodes, usage } from '../failure';
import { checkManifest } from '../../shell/manifest-check';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, table } from '../output';

const SHOWN = 20;

interface Options { month?: string; json?: true; ledger: boolean }
interface SelfChecks { readonly periods: number; readonly values: number; readonly tooLarge: readonly string[]; readonly disagreements: readonly Disagreement[] }
interface Verification { readonly closed: readonly (ClosedCheck & { readonly intact: boolean })[]; readonly selfChecks: SelfChecks; /** Null where the ledger lets entries go, or was not asked for. */ readonly ledger: RecountResult | null; readonly sound: boolean }

export function verifyCommand(): Command {
  return new Command('verify')
    .description('checks the figures: digests of closed months, sums against each other, and against the ledger')
    .option('--month <month>', 'only this month, as 2026-10; default: all')
    .option('--no-ledger', 'leaves out the ledger, which takes longest')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
Checked are: closed months, copy in Redis and topic against the seal; offices = chapters = days for each month,
hours = minutes for the newest day; and every cell of days and months against the sum over the ledger. Cells that
change meanwhile are counted as moving. Exit code 1: something differs; every differing cell is named; 75: a replay whose history is
not counted to its end.

Examples:
  tidewaiter verify
  tidewaiter verify --month 2026-10 --json`)
    .action(run);
}

async function run({ month, json, ledger }: Options): Promise<void> {
  const config = readConfig();
  const calendar = new Calendar(readProfile(config.TIDEWAITER_PROFILE).timeZone);
  if (month !== undefined && !isMonth(month, calendar)) throw usage(`--month "${month}" is no month, such as 2026-10`);
  const verification = await withNeighbours(config, async (neighbours) => {
    const reader = await neighbours.figures();
    checkManifest(await neighbours.redisCall(reader.manifest()), config);
    await mustHaveItsHistory(neighbours, reader);
    const closed = (await closedMonths(neighbours, month)).map((check) => ({ ...check, intact: isIntact(check) }));
    const selfChecks = await neighbours.redisCall(allSelfChecks(reader, calendar, month), limits.verifyCallMs);
    const keepsAll = config.TIDEWAITER_LEDGER_HORIZON_DAYS === 0 || (await neighbours.meant()).replay !== undefined;
    const recount = ledger && keepsAll ? await recounted(neighbours, config, reader, calendar, month) : null;
    const sound = closed.every(({ intact }) => intact) && selfChecks.disagreements.length === 0 && (recount?.differences.length ?? 0) === 0;
    return { closed, selfChecks, ledger: recount, sound };
  });
  if (json) printJson(verification);
  else show(verification, ledger);
  if (!verification.sound) process.exitCode = exitCodes.failed;
}

async function closedMonths(neighbours: Neighbours, month: string | undefined): Promise<ClosedCheck[]> {
  const records = await neighbours.closedRecords();
  return neighbours.kafkaCall(checkClosed(records, await neighbours.inspector(), await neighbours.closed(), month), limits.verifyCallMs);
}

async function allSelfChecks(reader: FigureReader, calendar: Calendar, month: string | undefined): Promise<SelfChecks> {
  const cubes = readCubes();
  const months = month === undefined ? [...(await readDefinitionsByMonth(reader)).keys()] : [month];
  const days = months.length === 0 ? [] : daysOf(calendar, months.at(-1) as string);
  const checks = (Object.keys(cubes) as View[]).flatMap((view): PeriodCheck[] => [...months.map((period): PeriodCheck => ({ view, grain: 'month', period })), ...days.map((period): PeriodCheck => ({ view, grain: 'day', period }))]);
  const tooLarge: string[] = [];
  const disagreements: Disagreement[] = [];
  let values = 0;
  for (const check of checks) {
    const outcome = await checkPeriod(check, cubes, calendar, reader, limits.queryFields);
    if ('tooManyFields' in outcome) { tooLarge.push(`${check.view} ${check.period}`); continue; }
    values += outcome.fields;
    disagreements.push(...outcome.disagreements);
  }
  return { periods: checks.length - tooLarge.length, values, tooLarge, disagreements };
}

function daysOf(calendar: Calendar, month: string): string[] {
  const range = calendar.rangeOf('month', month);
  return range ? calendar.keysBetween('day', range.fromMs, range.toMs) : [];
}

async function recounted(neighbours: Neighbours, config: Config, reader: FigureReader, calendar: Calendar, month: string | undefined): Promise<RecountResult> {
  let progress: CountProgress | undefined;
  const store = await neighbours.ledger();
  try {
    return await recountLedger(readCubes(), calendar, month, {
      reader, store, entries: new LedgerEntries(avroType(ledgerSchema())), partitions: config.TIDEWAITER_PARTITIONS,
      onProgress: (buckets, total) => { progress ??= new CountProgress(total, 'parts of the ledger'); progress.update(buckets); },
    });
  } finally {
    progress?.stop();
  }
}

function show({ closed, selfChecks, ledger, sound }: Verification, asked: boolean): void {
  for (const { period, closedBy, digest, intact, digestInStore, digestOnTopic } of closed) {
    print(`${period}  closed by ${closedBy}  ${digest}  ${intact ? 'as signed off' : `DIFFERS: Redis ${digestInStore ?? 'has lost it'}, topic ${digestOnTopic}`}`);
  }
  print(`Sums against each other: ${selfChecks.periods} periods, ${selfChecks.values} values, ${selfChecks.disagreements.length} disagree.`);
  if (selfChecks.tooLarge.length > 0) print(`Too large to be read as of one moment, not compared: ${selfChecks.tooLarge.join(', ')}`);
  if (ledger) print(`Against the ledger: ${ledger.declarations} declarations, ${ledger.compared} values, ${ledger.differences.length} differ${ledger.moving === 0 ? '' : `; ${ledger.moving} were moving`}.`);
  else if (asked) print('Against the ledger: not compared, as it lets entries go (TIDEWAITER_LEDGER_HORIZON_DAYS).');
  const rows = [
    ...closed.flatMap(({ differences }) => differences.map(({ hash, field, inStore, onTopic }) => [hash, field, `${inStore} in Redis`, `${onTopic} signed off`])),
    ...selfChecks.disagreements.map(({ view, period, cell, measure, left, leftSum, right, rightSum }) => [`${view} ${period}`, `${cell}:${measure}`, `${leftSum} ${left}`, `${rightSum} ${right}`]),
    ...(ledger?.differences ?? []).map(({ hash, field, inStore, inLedger }) => [hash, field, `${inStore} in Redis`, `${inLedger} in the ledger`]),
  ];
  if (rows.length > 0) print(table(['figures', 'cell', '', ''], rows.slice(0, SHOWN)));
  if (rows.length > SHOWN) print(`and ${rows.length - SHOWN} more: --json names them all`);
  print(sound ? 'Everything agrees.' : 'The figures are not as they must be: infra/runbooks/figures-disagree.md');
}
