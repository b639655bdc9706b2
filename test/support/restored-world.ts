/** Published figures restored into the namespace `restored`, on the in-memory parts. */
import { ClosedRecords } from '../../services/closing/closed-records';
import type { FiguresPlace } from '../../services/domain/namespace-directory';
import { Calendar } from '../../services/domain/period';
import { PublishCodec } from '../../services/publish/publish-codec';
import { restorePublished, type RestoreResult } from '../../services/rebuild/restore-published';
import { readCubes, readProfile } from '../../services/shell/definition-files';
import type { FigureReader } from '../../services/shell/figure-store';
import type { MemoryStore } from '../../services/shell/memory/memory-store';
import type { Log, SchemaSource } from '../../services/shell/ports';
import { aggregateInputs } from '../../services/topology';

export const restoredPlace: FiguresPlace = { name: 'restored', inputs: aggregateInputs };
const profile = readProfile('CD');

export interface RestoredParts {
  readonly log: Log;
  readonly registry: SchemaSource;
  readonly live: FigureReader;
  readonly liveGeneration?: number;
  /** Holds the restored namespace. */
  readonly store: MemoryStore;
  readonly currency?: string;
  readonly onProgress?: (offsets: number, total: number) => void;
}

/** What was there before goes, as the command does it. */
export async function restore({ log, registry, live, liveGeneration = 0, store, currency = profile.currency, onProgress = () => undefined }: RestoredParts): Promise<RestoreResult> {
  const restored = store.reader(restoredPlace);
  await restored.drop();
  const inspector = await log.inspector();
  try {
    return await restorePublished({
      inspector, live, liveGeneration, restored, currency, onProgress, store: store.restored(restoredPlace),
      records: await ClosedRecords.create(registry), codec: await PublishCodec.create(registry, profile.minorUnits), calendar: new Calendar(profile.timeZone), cubes: readCubes(),
      made: { profile: 'CD', partitions: 1, shards: 1 },
    });
  } finally {
    await inspector.close();
  }
}
