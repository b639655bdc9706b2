/** `archive run`, `import`, `verify`, `list`: history that outlives the retention of its topics, as Parquet files. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { ArchiveFiles } from '../../archive/archive-files';
import { withArchiveLock } from '../../archive/archive-lock';
import { unfinishedImport } from '../../archive/import-archive';
import { importOf, topicsOfLogs } from '../../archive/import-record';
import { archivedRanges, openArchive, type ArchivedRange } from '../../archive/read-archive';
import { archiveTopic, type ArchivedPartition } from '../../archive/run-archive';
import { verifyArchive, type PartitionCheck } from '../../archive/verify-archive';
import { readConfig } from '../../shell/config';
import { rawTopic, topics, type TopicName } from '../../topology';
import { explained, SEE } from '../archive/explained';
import { importCommand } from '../archive/import';
import { CountProgress } from '../count-progress';
import { CommandFailure, exitCodes } from '../failure';
import { withNeighbours } from '../neighbours';
import { print, printJson, say, table } from '../output';
import { shortName, topicNames } from '../topic-names';

const SHOWN = 20;

interface Wanted { readonly topic?: readonly TopicName[]; readonly json?: true }

export function archiveCommand(): Command {
  const archive = new Command('archive').description('keeps topics as Parquet files, beyond their retention').addHelpText('after', `
Files lie in TIDEWAITER_ARCHIVE (default: archive under TIDEWAITER_HOME), by topic, partition and UTC day of the
broker's time. Raw records hold the ids of persons: files have mode 0600, folders 0700.

Examples:
  tidewaiter archive run
  tidewaiter archive run --topic raw,rejected,reference
  tidewaiter archive import declarations.ndjson --format ndjson --to ./history --offline
  tidewaiter archive verify
  tidewaiter archive list --json`);
  archive.command('run').description('archives what has come since the last run, and ends')
    .option('--to <folder>', 'the archive; default: TIDEWAITER_ARCHIVE')
    .option('--topic <names>', 'topics, comma-separated, or all; default: raw', topicNames)
    .option('--leave-out', 'goes on behind records that the log has lost before they were archived')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
It may be killed at any moment: the next run completes what it left. A topic that was made anew, or has lost
records that are not archived, is refused, and the other partitions are archived; exit code 1.

Examples:
  tidewaiter archive run
  tidewaiter archive run --topic all --to /mnt/archive
  tidewaiter archive run --leave-out`)
    .action(runArchive);
  archive.addCommand(importCommand());
  ofArchive(archive.command('verify').description('checks every byte of the archive, and compares it with the log'))
    .option('--no-log', 'leaves Kafka out')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
Checked are digests, rows, schemas, that offsets join without a gap, and, where the topic still has the records,
that they are the same to the last byte. What was imported from files is held against what the import has noted; no
log has it. Exit code 1: something differs; file and offset are named.

Examples:
  tidewaiter archive verify
  tidewaiter archive verify /mnt/archive --no-log --json`)
    .action(runVerify);
  ofArchive(archive.command('list').description('files, days, offsets, rows and bytes'))
    .option('--json', 'one JSON object a file')
    .addHelpText('after', `
Examples:
  tidewaiter archive list
  tidewaiter archive list --topic raw --json`)
    .action(runList);
  return archive;
}

const ofArchive = (command: Command): Command => command
    .argument('[folder]', 'the archive; default: TIDEWAITER_ARCHIVE')
    .option('--topic <names>', 'topics, comma-separated; default: all that are archived', topicNames);

async function runArchive({ to, topic: wanted = [rawTopic], leaveOut, json }: Wanted & { to?: string; leaveOut?: true }): Promise<void> {
  const config = readConfig();
  const root = to === undefined ? config.archive : resolve(to);
  const files = openArchive(root);
  const done = await explained(() => withNeighbours(config, async (neighbours) => {
    const inspector = await neighbours.inspector(await neighbours.log((trouble) => { if (trouble !== undefined) say(trouble); }));
    const registry = await neighbours.schemas();
    return withArchiveLock(root, async () => {
      const parts: ArchivedPartition[] = [];
      for (const topic of wanted) {
        await neighbours.kafkaCall(inspector.offsets(topic));
        let progress: CountProgress | undefined;
        try {
          parts.push(...(await archiveTopic(topic, leaveOut === true, { files, inspector, registry, onProgress: (offsets, total) => { progress ??= new CountProgress(total, `offsets of ${shortName(topic)}`); progress.update(offsets); } })));
        } finally {
          progress?.stop();
        }
      }
      return parts;
    });
  }));
  if (json) printJson({ archive: root, partitions: done });
  else showRun(done, root);
  if (done.some(({ refused }) => refused !== undefined)) process.exitCode = exitCodes.failed;
}

function showRun(done: readonly ArchivedPartition[], root: string): void {
  for (const topic of new Set(done.map((part) => part.topic))) {
    const parts = done.filter((part) => part.topic === topic);
    const sum = (of: (part: ArchivedPartition) => number): number => parts.reduce((total, part) => total + of(part), 0);
    print(`${topic}: ${sum(({ records }) => records)} records archived in ${sum(({ files }) => files)} files.`);
    for (const { partition, refused } of parts) if (refused !== undefined) print(`${topic}/${partition}: REFUSED: ${refused} (${SEE})`);
  }
  print(`Archive: ${root}`);
}

async function runVerify(folder: string | undefined, { topic: wanted = topics.map(({ name }) => name), log, json }: Wanted & { log: boolean }): Promise<void> {
  const config = readConfig();
  const root = folder === undefined ? config.archive : resolve(folder);
  const files = openArchive(root);
  let progress: CountProgress | undefined;
  const onProgress = (records: number, total: number): void => { progress ??= new CountProgress(total, 'records'); progress.update(records); };
  const checks = await explained(() => withNeighbours(config, async (neighbours) => {
    const withLog = log && (await topicsOfLogs(files, wanted)).length > 0;
    return verifyArchive(wanted, { files, inspector: withLog ? await neighbours.inspector() : undefined, onProgress });
  })).finally(() => progress?.stop());
  await tellUnfinished(files);
  if (checks.length === 0) throw nothingIn(root);
  const sound = checks.every(({ faultCount }) => faultCount === 0);
  if (json) printJson({ archive: root, partitions: checks, sound });
  else {
    showChecks(checks, sound);
    await showImports(files, wanted);
  }
  if (!sound) process.exitCode = exitCodes.failed;
}

function showChecks(checks: readonly PartitionCheck[], sound: boolean): void {
  print(table(['topic', 'partition', 'offsets', 'files', 'rows', 'compared with the log', 'not archived yet', 'faults'], checks.map(({ topic, partition, from, next, files, records, compared, behind, faultCount }) => [
    shortName(topic), partition, `${from}–${next - 1}`, files, records, compared ? `${compared.from}–${compared.next - 1}` : '–', behind ?? '–', faultCount,
  ]), [1, 3, 4, 6, 7]));
  for (const { topic, partition, leftOut } of checks) for (const { from, next } of leftOut) print(`${topic}/${partition}: offsets ${from} to ${next - 1} were left out: the log had lost them before they were archived.`);
  const faults = checks.flatMap((check) => check.faults);
  for (const { file, offset, fault } of faults.slice(0, SHOWN)) print(`${file}, offset ${offset}: ${fault}`);
  if (faults.length > SHOWN) print(`and ${faults.length - SHOWN} more: --json names them`);
  print(sound ? 'The archive is whole.' : `The archive is not as it must be: ${SEE}`);
}

async function runList(folder: string | undefined, { topic: wanted, json }: Wanted): Promise<void> {
  const root = folder === undefined ? readConfig().archive : resolve(folder);
  const files = openArchive(root);
  const ranges = (await explained(() => archivedRanges(files))).filter(({ topic }) => wanted === undefined || wanted.includes(topic));
  await tellUnfinished(files);
  if (ranges.length === 0) throw nothingIn(root);
  if (json) { for (const range of ranges) for (const file of range.files) printJson(file); return; }
  print(table(['topic', 'partition', 'day', 'offsets', 'rows', 'bytes'], ranges.flatMap((range) => range.files.map(({ topic, partition, day, firstOffset, nextOffset, records, bytes }) => [shortName(topic), partition, day, `${firstOffset}–${nextOffset - 1}`, records, bytes])), [1, 4, 5]));
  const sum = (of: (range: ArchivedRange) => number): number => ranges.reduce((total, range) => total + of(range), 0);
  print(`${sum(({ records }) => records)} records in ${sum((range) => range.files.length)} files, ${sum(({ bytes }) => bytes)} bytes: ${root}`);
  await showImports(files, ranges.map(({ topic }) => topic));
}

/** Where the records of a topic come from, if not from a log. */
async function showImports(files: ArchiveFiles, shown: readonly TopicName[]): Promise<void> {
  for (const topic of new Set(shown)) {
    const imported = await importOf(files, topic);
    if (typeof imported !== 'object') continue;
    print(`${topic}: imported as of ${imported.at}:`);
    for (const { name, declarations, unreadable } of imported.files) print(`  ${name}: ${declarations} declarations${unreadable > 0 ? `; ${unreadable} lines were no event and were left out` : ''}`);
  }
}

async function tellUnfinished(files: ArchiveFiles): Promise<void> {
  if (await unfinishedImport(files)) say('An import into this archive goes on, or was killed: nothing of it counts. "tidewaiter archive import" begins it again.');
}

const nothingIn = (root: string): CommandFailure => new CommandFailure(`there is no archive in ${root}: "tidewaiter archive run" or "tidewaiter archive import" makes one, TIDEWAITER_ARCHIVE or the command names another folder`);
