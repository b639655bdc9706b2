/** What explaining commands ask of the log: how declarations of a namespace were decided, and what was told of a figure. */
import { enrichedRecords } from '../explain/enriched-records';
import type { DecidedRecords } from '../explain/decided-records';
import type { LogChoice } from '../explain/explanation';
import { decidedAgain } from '../replay/decided-again';
import { readProfile } from '../shell/definition-files';
import { countedTopic } from '../topology';
import { CommandFailure } from './failure';
import { loadedCatalogue } from './loaded-reference';
import type { Neighbours } from './neighbours';

/** @throws CommandFailure where records of a replay cannot be decided any more as it decided them. */
export async function logChoiceOf(neighbours: Neighbours, onProgress: LogChoice['onProgress']): Promise<LogChoice> {
  const { config } = neighbours;
  const log = await neighbours.log();
  const ports = { inspector: await neighbours.inspector(log), schemas: await neighbours.registry(), partitionOf: (key: string) => log.partitionOf(key, config.TIDEWAITER_PARTITIONS) };
  const { isLive, replay } = await neighbours.meant();
  return { decided: await decidedRecords(neighbours, ports), revisions: isLive || !replay ? ports : undefined, ...(onProgress ? { onProgress } : {}) };
}

async function decidedRecords(neighbours: Neighbours, { inspector, schemas: registry }: Parameters<typeof enrichedRecords>[0] & { readonly inspector: Awaited<ReturnType<Neighbours['inspector']>> }): Promise<DecidedRecords> {
  const { replay } = await neighbours.meant();
  if (!replay || replay.source === countedTopic) return enrichedRecords({ inspector, schemas: registry });
  const profile = readProfile(neighbours.config.TIDEWAITER_PROFILE);
  const records = await decidedAgain(replay, { catalogue: await loadedCatalogue(neighbours, profile), profile, inspector, registry, logger: neighbours.logger });
  if ('why' in records) throw new CommandFailure(`${records.why}: how its declarations were decided cannot be told; --brief explains the figure without that`);
  return records;
}
