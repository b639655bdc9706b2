/** How declarations of a replay were decided: it wrote nothing down, so that its records are decided once more, as it decides them. */
import type { Logger } from 'pino';
import type { AggregateEvent } from '../aggregate/piece';
import type { NamespaceManifest } from '../domain/namespace-directory';
import { originText } from '../domain/position';
import type { DecidedRecords, ExplainedEvent, LogPorts, PlacedRecord, RefusedVersion } from '../explain/decided-records';
import { recordsAt, recordsHeld, recordsOf, type FoundRecord } from '../explain/found-records';
import { refusalsHeld, refusedVersions } from '../explain/refused-versions';
import type { ReferenceCatalogue } from '../reference/catalogue';
import type { Profile } from '../reference/types';
import type { LogInspector, SchemaSource } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { rawTopic, type StageName } from '../topology';
import type { FusedReader } from './fused/fused-reader';
import { explainingReader } from './fused/source-reader';
import { historyInspector } from './history/history-log';
import { archivedHistory, schemasOfHistory } from './history/manifest-history';
import { decidedAnew } from './namespace-stage';
import { referencesAgain } from './namespace-reference';

export interface DecidedBy { readonly catalogue: ReferenceCatalogue; readonly profile: Profile; readonly registry: SchemaSource; readonly logger: Logger }
/** `counted`: how far the namespace has been counted, `topic/partition` → offset. What lies behind is nothing of its. */
export interface CountedLog { readonly inspector: LogInspector; readonly counted: Readonly<Record<string, number>> }
/** The records of a namespace as of now. */
export type DecisionsOf = (log: CountedLog) => DecidedRecords;

/** Costs what the start of a worker does: who asks often keeps the answer. `why`: it cannot be decided again. @throws DamagedArchive */
export async function decidedAgain(manifest: NamespaceManifest, { catalogue, profile, registry, logger }: DecidedBy): Promise<DecisionsOf | { readonly why: string }> {
  const found = referencesAgain(manifest, catalogue, profile);
  if ('why' in found) return found;
  const archive = archivedHistory(manifest.archive);
  if (archive && (await archive.rangesOf(manifest.source)).length === 0) return { why: `the archive ${manifest.archive?.folder ?? ''} has nothing of ${manifest.source}; is it there?` };
  const schemas = await schemasOfHistory(manifest.archive, registry);
  const reader = explainingReader(manifest, found.references, { profile, registry: schemas, logger });
  return ({ inspector, counted }) => recordsDecided(manifest, { schemas, inspector: countedPart(historyInspector(inspector, { archive, until: undefined }), manifest, counted) }, reader);
}

function countedPart(inspector: LogPorts['inspector'], { historyFrom }: NamespaceManifest, counted: CountedLog['counted']): LogPorts['inspector'] {
  return {
    offsets: async (topic) => (await inspector.offsets(topic)).map(({ partition, start, end }) => {
      const place = `${topic}/${partition}`;
      return { partition, start: Math.max(start, historyFrom?.[place] ?? start), end: Math.min(end, counted[place] ?? 0) };
    }),
    readStretches: (topic, stretches, each) => inspector.readStretches(topic, stretches, each),
  };
}

function recordsDecided({ source }: NamespaceManifest, log: LogPorts, reader: FusedReader): DecidedRecords {
  const counts = (stage: StageName): boolean => !decidedAnew(source).has(stage);
  /** Behind the raw topic there is nobody else who refuses. */
  const refusedElsewhere = source !== rawTopic;
  return {
    at: async (places, onProgress) => (await decided(await recordsAt(source, places, log.inspector, onProgress), reader)).flatMap(placed),
    size: async (partition) => (await recordsHeld(source, partition, log.inspector)) + (refusedElsewhere ? await refusalsHeld(log.inspector) : 0),
    of: async (declarationId, partition, onProgress) => {
      const events = await decided(await recordsOf(source, declarationId, partition, log.inspector, onProgress), reader);
      return { records: events.flatMap(placed), refused: [...(refusedElsewhere ? await refusedVersions(declarationId, log, counts) : []), ...refusedOf(events)] };
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

/** What a crash repeated is refused once. */
function refusedOf(events: readonly DecidedRecord[]): RefusedVersion[] {
  const refused = new Map<string, RefusedVersion>();
  for (const { event } of events) if (!('standardized' in event)) refused.set(originText(event.origin), { origin: event.origin, version: null, occurredAt: event.occurredAt, codes: [event.code] });
  return [...refused.values()];
}
