/** How declarations of a replay were decided: it wrote nothing down, so that its records are decided once more, as it decides them. */
import type { Logger } from 'pino';
import type { AggregateEvent } from '../aggregate/piece';
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { DecidedRecords, ExplainedEvent, LogPorts, PlacedRecord, RefusedVersion } from '../explain/decided-records';
import { recordsAt, recordsOf, type FoundRecord } from '../explain/found-records';
import { refusedVersions } from '../explain/refused-versions';
import type { ReferenceCatalogue } from '../reference/catalogue';
import type { Profile } from '../reference/types';
import type { LogInspector, SchemaSource } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { rawTopic, type StageName } from '../topology';
import type { FusedReader } from './fused/fused-reader';
import { historyInspector } from './history/history-log';
import { archivedHistory, schemasOfHistory } from './history/manifest-history';
import { decidedAnew } from './namespace-stage';
import { referencesAgain } from './namespace-reference';
import { explainingReader } from './fused/source-reader';

export interface DecidedBy { readonly catalogue: ReferenceCatalogue; readonly profile: Profile; readonly inspector: LogInspector; readonly registry: SchemaSource; readonly logger: Logger }

/** `why`: it cannot be decided again. @throws where the archive cannot be read. */
export async function decidedAgain(manifest: NamespaceManifest, { catalogue, profile, inspector, registry, logger }: DecidedBy): Promise<DecidedRecords | { readonly why: string }> {
  const found = referencesAgain(manifest, catalogue, profile);
  if ('why' in found) return found;
  const schemas = await schemasOfHistory(manifest.archive, registry);
  const log = { schemas, inspector: historyInspector(inspector, { archive: archivedHistory(manifest.archive), until: manifest.bounded ? manifest.historyUntil : undefined }) };
  return recordsDecided(manifest, log, explainingReader(manifest, found.references, { profile, registry: schemas, logger }));
}

function recordsDecided({ source }: NamespaceManifest, log: LogPorts, reader: FusedReader): DecidedRecords {
  const counts = (stage: StageName): boolean => !decidedAnew(source).has(stage);
  return {
    at: async (places, onProgress) => (await decided(await recordsAt(source, places, log.inspector, onProgress), reader)).flatMap(placed),
    of: async (declarationId, partition, onProgress) => {
      const events = await decided(await recordsOf(source, declarationId, partition, log.inspector, onProgress), reader);
      /** Behind the raw topic there is nobody else who refuses. */
      const elsewhere = source === rawTopic ? [] : await refusedVersions(declarationId, log, counts);
      return { records: events.flatMap(placed), refused: [...elsewhere, ...events.flatMap(refused)] };
    },
  };
}

interface DecidedRecord { readonly partition: number; readonly offset: number; readonly event: AggregateEvent }

async function decided(found: readonly FoundRecord[], reader: FusedReader): Promise<DecidedRecord[]> {
  await reader.prepare(found.map(({ record }) => record.value), monotonicMs());
  return found.flatMap(({ partition, record }) => {
    const event = reader.read(partition, record);
    return event === undefined ? [] : [{ partition, offset: record.offset, event }];
  });
}

/** The event is as the stages wrote it: counting names fewer of its fields than explaining. */
const placed = ({ event, ...place }: DecidedRecord): PlacedRecord[] => ('standardized' in event ? [{ ...place, event: event as ExplainedEvent }] : []);
const refused = ({ event }: DecidedRecord): RefusedVersion[] => ('standardized' in event ? [] : [{ origin: event.origin, version: null, occurredAt: event.occurredAt, codes: [event.code] }]);
