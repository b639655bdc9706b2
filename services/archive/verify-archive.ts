/** Checks an archive: its files against their manifests, the manifests against each other, and both against the log. */
import { limits } from '../limits';
import type { LogInspector } from '../shell/ports';
import type { TopicName } from '../topology';
import { archivedPartitions, readChain, type ArchiveFault, type Chain } from './archive-chain';
import type { ArchiveFiles } from './archive-files';
import type { OffsetSpan } from './archive-names';
import { compareWithLog, endFaults, sharedSpan } from './compare-with-log';
import { importedPartitions, importFaults, importOf, type ImportRecord } from './import-record';
import { verifyFile } from './verify-file';

export interface PartitionCheck {
  readonly topic: TopicName;
  readonly partition: number;
  readonly from: number;
  readonly next: number;
  readonly files: number;
  readonly records: number;
  /** The first so many; `faultCount` is all of them. */
  readonly faults: readonly ArchiveFault[];
  readonly faultCount: number;
  /** Compared with the log; null where it has none of them any more, was not asked, or files are at fault, and where records were imported. */
  readonly compared: OffsetSpan | null;
  /** Offsets of the log that are not archived yet; null where it was not asked. */
  readonly behind: number | null;
  readonly leftOut: readonly OffsetSpan[];
  /** Files that no manifest names: of a run that goes on now, or was killed. */
  readonly leftovers: readonly string[];
}

export interface VerifyPorts {
  readonly files: ArchiveFiles;
  /** Undefined: the log is not asked. */
  readonly inspector: Pick<LogInspector, 'offsets' | 'readRanges'> | undefined;
  readonly onProgress: (records: number, total: number) => void;
}

interface WantedChain extends Chain {
  /** What is archived was imported from files, and is in no log. */
  readonly imported: ImportRecord | string | undefined;
}

export async function verifyArchive(wanted: readonly TopicName[], ports: VerifyPorts): Promise<readonly PartitionCheck[]> {
  const chains: WantedChain[] = [];
  for (const topic of wanted) chains.push(...(await chainsOf(ports.files, topic)));
  /** Read once for itself, once more beside the log. */
  const total = chains.reduce((sum, { manifests, imported }) => sum + recordsOf(manifests) * (ports.inspector && imported === undefined ? 2 : 1), 0);
  let done = 0;
  const onRecords = (records: number): void => ports.onProgress(done += records, total);
  const checks: PartitionCheck[] = [];
  for (const chain of chains) checks.push(await checkPartition(chain, { ...ports, inspector: chain.imported === undefined ? ports.inspector : undefined }, onRecords));
  return checks;
}

/** Of partitions that have a folder, and of those that an import has put something into. */
async function chainsOf(files: ArchiveFiles, topic: TopicName): Promise<WantedChain[]> {
  const imported = await importOf(files, topic);
  const partitions = new Set([...(await archivedPartitions(files, topic)), ...importedPartitions(imported)]);
  const chains: WantedChain[] = [];
  for (const partition of [...partitions].sort((left, right) => left - right)) chains.push({ ...(await readChain(files, topic, partition)), imported });
  return chains;
}

const recordsOf = (manifests: Chain['manifests']): number => manifests.reduce((sum, { records }) => sum + records, 0);

async function checkPartition(chain: WantedChain, { files, inspector }: VerifyPorts, onRecords: (records: number) => void): Promise<PartitionCheck> {
  const { topic, partition, manifests, leftovers, imported } = chain;
  const faults: ArchiveFault[] = [...chain.faults, ...(imported === undefined ? [] : importFaults(chain, imported))];
  for (const manifest of manifests) faults.push(...(await verifyFile(files, manifest, onRecords)));
  const held = inspector ? ((await inspector.offsets(topic)).find((range) => range.partition === partition) ?? { start: 0, end: 0 }) : undefined;
  if (held) faults.push(...endFaults(chain, held.end));
  const span = held && faults.length === 0 ? sharedSpan(chain, held) : undefined;
  if (span && inspector) faults.push(...(await compareWithLog(files, chain, span, inspector, onRecords)));
  const next = manifests.at(-1)?.nextOffset ?? 0;
  return {
    topic, partition, from: manifests[0]?.firstOffset ?? 0, next, files: manifests.length, records: recordsOf(manifests),
    faults: faults.slice(0, limits.archiveFaultsNamed), faultCount: faults.length, compared: span ?? null,
    behind: held ? Math.max(0, held.end - Math.max(next, held.start)) : null,
    leftOut: manifests.flatMap(({ leftOut }) => leftOut ?? []), leftovers,
  };
}
