/** Where a namespace finds its history: the log and the archive that its manifest names. */
import { archivedSchemas } from '../../archive/archived-schemas';
import { openArchive } from '../../archive/read-archive';
import type { ManifestArchive, NamespaceManifest } from '../../domain/namespace-directory';
import { ConfigurationError } from '../../shell/config';
import type { Log, SchemaSource } from '../../shell/ports';
import type { ServiceContext } from '../../shell/service';
import { ArchivedHistory } from './archived-history';
import { HistoryLog, type HistoryBounds } from './history-log';
import type { YieldingPace } from '../yielding/yielding-pace';
import { clashingId, joinedSchemas } from './history-schemas';

export const archivedHistory = (archive: ManifestArchive | undefined): ArchivedHistory | undefined => archive && new ArchivedHistory(openArchive(archive.folder), archive);

/** Those that the records of history were written with. @throws where the archive cannot be read. */
export async function schemasOfHistory(archive: ManifestArchive | undefined, registry: SchemaSource): Promise<SchemaSource> {
  if (!archive) return registry;
  const archived = await archivedSchemas(openArchive(archive.folder));
  return archive.alone ? archived : joinedSchemas(archived, registry);
}

export interface HistoryOfManifest { readonly log: () => Log; readonly registry: SchemaSource }

/** The log as the manifest has it, and the schemas that its records were written with. @throws ConfigurationError when the archive cannot be used. */
export async function historyOfManifest({ archive, bounded, historyUntil }: NamespaceManifest, { neighbours, state, untilReady }: ServiceContext, pace?: YieldingPace): Promise<HistoryOfManifest> {
  const files = archive && openArchive(archive.folder);
  const bounds: HistoryBounds = { archive: archivedHistory(archive), until: bounded ? historyUntil : undefined, pace };
  const log = (): Log => new HistoryLog(neighbours.log(), bounds, state.onTrouble);
  const registry = neighbours.registry();
  if (!files) return { log, registry };
  const archived = await archivedSchemas(files).catch((error: Error) => { throw new ConfigurationError(error.message); });
  if (archive.alone) return { log, registry: archived };
  const clash = await untilReady('schema registry', () => clashingId(archived, registry));
  if (clash !== undefined) throw new ConfigurationError(`schema ${clash} of the archive is another one in the registry: what was archived with another registry can only be replayed by itself (--archive-alone)`);
  return { log, registry: joinedSchemas(archived, registry) };
}
