/** What a replay is asked to be: where it reads history, and by which reference data it decides. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { DamagedArchive } from '../../archive/archive-chain';
import { importOf } from '../../archive/import-record';
import { archivedRanges, openArchive } from '../../archive/read-archive';
import type { ManifestArchive, NamespaceManifest } from '../../domain/namespace-directory';
import { Calendar } from '../../domain/period';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import type { ReferenceDocument } from '../../reference/documents';
import type { Profile, ReferenceSet } from '../../reference/types';
import { historyInspector } from '../../replay/history/history-log';
import { archivedHistory } from '../../replay/history/manifest-history';
import { inputsOf } from '../../replay/namespace-stage';
import { historyOf, type Boundary, type HistoryBoundaries, type HistoryPart } from '../../replay/replay-manifest';
import { sourceTopics } from '../../replay/fused/source-stages';
import type { TopicName } from '../../topology';
import type { Config } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { dayOrMoment, moment } from '../arguments';
import { CommandFailure } from '../failure';
import { addedFrom } from '../added-document';
import { loadedCatalogue } from '../loaded-reference';
import type { Neighbours } from '../neighbours';
import { fileKinds, type FileKind } from '../reference-files';

/** `accepted` for customs.declarations.accepted.v1. */
const shortName = (topic: TopicName): string => topic.split('.')[2] ?? topic;
const topicOf = (short: string): TopicName => sourceTopics.find((topic) => shortName(topic) === short) as TopicName;
/** Everything but the checks of ingest is decided anew, no party id is read, and it is partitioned as the figures are. */
const DEFAULT_SOURCE = 'accepted';

interface HistoryOptions { readonly since?: Boundary | 'earliest'; readonly until?: Boundary; readonly archive?: string | true; readonly archiveAlone?: true; readonly leaveOut?: true; readonly fineSince?: (timeZone: string) => number }
export type RequestOptions = { readonly from: string } & HistoryOptions & { readonly [Kind in FileKind]?: readonly string[] };

const collected = (file: string, before: readonly string[] = []): readonly string[] => [...before, file];

export function withRequestOptions(command: Command): Command {
  command.addOption(new Option('--from <topic>', 'topic that history is read from: what lies behind it is decided anew').choices(sourceTopics.map(shortName)).default(DEFAULT_SOURCE));
  command.option('--since <time|offsets>', 'counts from there on: a moment, "earliest" for all that is left, or offsets by partition such as 0:1200,3:900', sinceOf)
    .option('--until <time|offsets>', 'counts up to there and no further', boundaryOf)
    .option('--archive [folder]', 'reads there what the log does not have any more; default: TIDEWAITER_ARCHIVE')
    .option('--archive-alone', 'reads the archive and not the log').option('--leave-out', 'goes on behind what was lost before it was archived')
    .option('--fine-since <day>', 'keeps figures by minute and hour from this day on alone: minutes of a year are half of the work', dayOrMoment);
  for (const kind of fileKinds) command.option(`--${kind} <file>`, `decides with this ${kind}, here alone; may come more than once`, collected);
  return command;
}

/** A moment, or offsets by partition. @throws InvalidArgumentError */
export function boundaryOf(text: string): Boundary {
  if (!/^\d+:\d+(,\d+:\d+)*$/.test(text)) return { timestampMs: moment(text) };
  return { offsets: new Map(text.split(',').map((part) => part.split(':').map(Number) as [number, number])) };
}
const sinceOf = (text: string): Boundary | 'earliest' => (text === 'earliest' ? text : boundaryOf(text));

export interface Asked extends HistoryBoundaries {
  readonly source: TopicName;
  readonly archive: ManifestArchive | undefined;
  readonly fineSinceMs: number | undefined;
  readonly history: readonly HistoryPart[];
  readonly documents: readonly ReferenceDocument[];
  readonly own: readonly ReferenceDocument[];
  readonly reference: ReferenceSet;
}

/** The reference data in force now, and the files on top of it, checked together; and what there is to be read. @throws CommandFailure that names file and row. */
export async function askedOf(options: RequestOptions, config: Config, neighbours: Neighbours): Promise<Asked> {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const catalogue = await loadedCatalogue(neighbours, profile);
  const documents = catalogue.documents().map(({ document }) => document);
  const own = ownDocuments(options, catalogue);
  const source = topicOf(options.from);
  const archive = await archiveOf(options, source, config);
  const { since, until } = options;
  return { source, archive, since, until, fineSinceMs: fineSinceOf(options, profile), history: await readableHistory(source, archive, { since, until }, neighbours), documents, own, reference: catalogue.latest };
}

/** Names of the options that are given, and say something else than what a namespace was begun with. */
export async function differingOptions(known: NamespaceManifest, options: RequestOptions, config: Config, neighbours: Neighbours): Promise<readonly string[]> {
  const differing: string[] = [];
  if (options.from !== DEFAULT_SOURCE && topicOf(options.from) !== known.source) differing.push('--from');
  if (options.since !== undefined && !known.historyFrom) differing.push('--since');
  if (options.until !== undefined && !known.bounded) differing.push('--until');
  const fineSinceMs = fineSinceOf(options, readProfile(config.TIDEWAITER_PROFILE));
  if (fineSinceMs !== undefined && fineSinceMs !== known.fineSinceMs) differing.push('--fine-since');
  const archive = await archiveOf(options, known.source, config);
  if (archive && JSON.stringify(archive) !== JSON.stringify(known.archive)) differing.push('--archive');
  const given = fileKinds.filter((kind) => (options[kind] ?? []).length > 0);
  if (given.length === 0) return differing;
  const texts = (documents: readonly unknown[]): string => documents.map((document) => JSON.stringify(document)).sort().join();
  const own = ownDocuments(options, await loadedCatalogue(neighbours, readProfile(config.TIDEWAITER_PROFILE)));
  return texts(own) === texts(known.ownDocuments) ? differing : [...differing, ...given.map((kind) => `--${kind}`)];
}

/** The beginning of the day, as a day's cells are kept or left out together. @throws CommandFailure for a day to come, whose minutes everybody would miss. */
function fineSinceOf({ fineSince }: HistoryOptions, { timeZone }: Profile): number | undefined {
  const calendar = new Calendar(timeZone);
  const fromMs = fineSince && calendar.rangeOf('day', calendar.keysOf(fineSince(timeZone)).day)?.fromMs;
  if (fromMs !== undefined && fromMs > Date.now()) throw new CommandFailure('--fine-since takes a day that has begun: figures by minute are what the console shows of now', 2);
  return fromMs;
}

function ownDocuments(options: RequestOptions, catalogue: ReferenceCatalogue): readonly ReferenceDocument[] {
  const own: ReferenceDocument[] = [];
  for (const kind of fileKinds) for (const file of options[kind] ?? []) {
    const { document, known } = addedFrom(catalogue, kind, file, {});
    if (!known) own.push(document);
  }
  return own;
}

/** @throws CommandFailure when there is none, or when it is of files and would be read otherwise. */
async function archiveOf({ archive, archiveAlone, leaveOut }: HistoryOptions, source: TopicName, config: Config): Promise<ManifestArchive | undefined> {
  if (archive === undefined && archiveAlone === undefined) return undefined;
  const folder = typeof archive === 'string' ? resolve(archive) : config.archive;
  if (!existsSync(folder)) throw new CommandFailure(`there is no archive at ${folder}: "tidewaiter archive run" or "archive import" makes one`);
  const use = { folder, alone: archiveAlone === true, leaveOut: leaveOut === true };
  const imported = await importOf(openArchive(folder), source);
  if (imported === undefined) return use;
  if (typeof imported === 'string') throw new CommandFailure(`${imported}; "tidewaiter archive verify" names all`);
  const partitions = imported.partitions.length;
  if (!use.alone) throw new CommandFailure(`${source} was imported into this archive from files, and no log goes on with it: add --archive-alone`);
  if (partitions !== config.TIDEWAITER_PARTITIONS) throw new CommandFailure(`it was imported for ${partitions} partitions, and there are ${config.TIDEWAITER_PARTITIONS} here: import it with --partitions ${config.TIDEWAITER_PARTITIONS}`);
  const ends = new Map((await archivedRanges(openArchive(folder), source)).map(({ partition, next }) => [partition, next]));
  const missing = imported.partitions.findIndex((end, partition) => (ends.get(partition) ?? 0) !== end);
  if (missing >= 0) throw new CommandFailure(`partition ${missing} of the archive is not what was imported: "tidewaiter archive verify" names what is missing`);
  return { ...use, imported: true };
}

async function readableHistory(source: TopicName, archive: ManifestArchive | undefined, boundaries: HistoryBoundaries, neighbours: Neighbours): Promise<readonly HistoryPart[]> {
  const archived = archivedHistory(archive);
  const parts = await neighbours.kafkaCall(historyOf(source, historyInspector(await neighbours.inspector(), { archive: archived, until: undefined }), boundaries)).catch((error: unknown) => {
    throw error instanceof DamagedArchive ? new CommandFailure(error.message) : error;
  });
  const leftOut = archived && !archive?.leaveOut ? await archived.leftOutOf(inputsOf(source)) : undefined;
  if (leftOut !== undefined) throw new CommandFailure(`the archive lacks ${leftOut}, which was lost before it was archived; --leave-out goes on behind it`);
  return parts;
}

/** @throws CommandFailure when something that was there once is not there any more, and nobody has said that it may be missing. */
export function mustBeWhole({ history, since }: Asked): void {
  const late = history.find(({ start }) => start > 0);
  if (since !== undefined || !late) return;
  throw new CommandFailure(`${late.topic} partition ${late.partition} begins at ${late.start}: what came before is not there any more. Name an archive that has it (--archive), or begin with what is left (--since earliest)`);
}
