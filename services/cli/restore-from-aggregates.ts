/** `rebuild --from-aggregates`: published figures in a namespace of their own, compared with the live ones and with what was signed off. */
import { Calendar } from '../domain/period';
import { liveOf, placeOf, type NamespaceDirectory } from '../domain/namespace-directory';
import { parseRestored } from '../domain/restored-namespace';
import { PublishCodec } from '../publish/publish-codec';
import { NotRestorable, restorePublished, type NotCompared, type RestoreResult, type RestoredTopic } from '../rebuild/restore-published';
import { standsAsSignedOff, type SignedOffCheck } from '../rebuild/signed-off';
import { readConfig, type Config } from '../shell/config';
import { readCubes, readProfile } from '../shell/definition-files';
import type { FigureReader } from '../shell/figure-store';
import { readDirectory } from '../shell/namespace-events';
import { AnotherLog, LogSilent, OutsideLog } from '../shell/outside-log';
import { SchemaMismatch } from '../shell/stage-codec';
import { CountProgress } from './count-progress';
import { CommandFailure, exitCodes, usage } from './failure';
import { withNeighbours, type Neighbours } from './neighbours';
import { print, printJson, table } from './output';
import { canBeNamed } from './replay/namespaces';

const SHOWN = 20;

export interface RestoreOptions { readonly namespace: string; readonly keep: boolean; readonly json: boolean }

/** @throws CommandFailure when the namespace is taken, or the topics cannot be read as the figures of one generation. */
export async function restoreFromAggregates({ namespace, keep, json }: RestoreOptions): Promise<void> {
  const config = readConfig();
  if (!canBeNamed(namespace) || namespace === config.TIDEWAITER_NAMESPACE) throw usage(`--namespace "${namespace}" cannot be restored into: small letters, digits and hyphens, at most 40, and not the namespace of the live services`);
  const result = await explained(() => withNeighbours(config, (neighbours) => restored(neighbours, config, namespace, keep)));
  if (json) printJson({ namespace, kept: keep, ...result });
  else show(result, namespace, keep);
  if (!result.sound) process.exitCode = exitCodes.failed;
}

async function restored(neighbours: Neighbours, config: Config, namespace: string, keep: boolean): Promise<RestoreResult> {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const [inspector, schemas] = [await neighbours.inspector(), await neighbours.schemas()];
  /** From the log: what is live is known although Redis has lost its copy. */
  const directory = await neighbours.kafkaCall(readDirectory(inspector, schemas));
  const live = liveOf(directory);
  const place = placeOf(directory, namespace);
  const fresh = await neighbours.figures(place);
  await mustBeFree(neighbours, fresh, namespace, directory);
  await fresh.drop();
  let progress: CountProgress | undefined;
  let whole = false;
  try {
    const result = await restorePublished({
      inspector, records: await neighbours.closedRecords(), codec: await PublishCodec.create(schemas, profile.minorUnits),
      currency: profile.currency, calendar: new Calendar(profile.timeZone), cubes: readCubes(),
      live: await neighbours.figures(live), liveGeneration: live.generation, restored: fresh, store: await neighbours.restored(place),
      made: { profile: config.TIDEWAITER_PROFILE, partitions: config.TIDEWAITER_PARTITIONS, shards: config.TIDEWAITER_SHARDS },
      onProgress: (offsets, total) => { progress ??= new CountProgress(total, 'offsets of the aggregate topics'); progress.update(offsets); },
    });
    whole = true;
    return result;
  } finally {
    progress?.stop();
    if (!keep || !whole) await fresh.drop();
  }
}

/** Figures that somebody counts are not emptied for this. */
async function mustBeFree(neighbours: Neighbours, fresh: FigureReader, namespace: string, directory: NamespaceDirectory): Promise<void> {
  const manifest = await neighbours.redisCall(fresh.manifest());
  if (namespace in directory.namespaces || (manifest !== undefined && !parseRestored(manifest))) throw new CommandFailure(`${namespace} holds figures that are counted: name another namespace`);
}

/** What stands in the way is told as it is: of the topics, of the log, or of the schemas. */
async function explained<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if ([NotRestorable, OutsideLog, AnotherLog, LogSilent, SchemaMismatch].some((kind) => error instanceof kind)) throw new CommandFailure((error as Error).message);
    throw error;
  }
}

const whyNot: Readonly<Record<NotCompared, string>> = {
  'empty': 'nothing to compare: Redis holds no live figures',
  'catching-up': 'not compared: the live figures are being rebuilt',
  'changed-over': 'not compared: other figures have gone live, which the topics do not have yet',
};

function show({ topics, asOf, closed, unreadable, sound }: RestoreResult, namespace: string, keep: boolean): void {
  for (const { topic, records, cells, values, live } of topics) print(`${topic}: ${records} records, ${cells} cells, ${values} values; ${inWords(live)}.`);
  print(asOf.streamTime === null ? 'No figures were published.' : `As of events up to ${asOf.streamTime}.`);
  for (const check of closed) print(lineOf(check));
  for (const { topic, partition, offset, why } of unreadable.slice(0, SHOWN)) print(`${topic}/${partition}, offset ${offset}: left out, ${why}`);
  if (unreadable.length > SHOWN) print(`and ${unreadable.length - SHOWN} more: --json names them all`);
  const rows = [
    ...topics.flatMap(({ live }) => ('differences' in live ? live.differences.map(({ hash, field, live: now, restored: told }) => [hash, field, `${now} live`, `${told} published`]) : [])),
    ...closed.flatMap(({ differences }) => differences.map(({ hash, field, signedOff, published }) => [hash, field, `${signedOff} signed off`, `${published} published`])),
  ];
  if (rows.length > 0) print(table(['figures', 'cell', '', ''], rows.slice(0, SHOWN), [2, 3]));
  if (rows.length > SHOWN) print(`and ${rows.length - SHOWN} more: --json names them all`);
  print(sound ? 'Nothing that could be compared differs.' : 'What was published is not what it must be: infra/runbooks/figures-disagree.md');
  if (keep) print(`Kept: tidewaiter query … --namespace ${namespace}`);
}

const inWords = (live: RestoredTopic['live']): string =>
  ('notCompared' in live ? whyNot[live.notCompared] : `${live.compared} compared with the live ones, ${live.differences.length} differ${live.moving === 0 ? '' : `, ${live.moving} were moving`}`);

/** The seal covers every cell of its month, and most go to no aggregate topic. */
function lineOf(check: SignedOffCheck): string {
  const { period, closedBy, digest, digestOnTopic, values, compared, notTold, differences } = check;
  const seal = digest === digestOnTopic ? 'as its topic has it' : `BUT ITS TOPIC HAS ${digestOnTopic}`;
  const waiting = notTold === 0 ? '' : `, ${notTold} are not called closed there yet`;
  return `${period}  closed by ${closedBy}  ${digest}  ${seal}; ${compared} of its ${values} values are on the aggregate topics, ${differences.length} differ${waiting}${standsAsSignedOff(check) ? '' : ': DIFFERS'}`;
}
