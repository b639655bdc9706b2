/** What explaining commands ask of the log: how declarations of a namespace were decided, and what was told of a figure. */
import { DamagedArchive } from '../archive/archive-chain';
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { DecidedRecords } from '../explain/decided-records';
import { enrichedRecords } from '../explain/enriched-records';
import type { LogChoice } from '../explain/explanation';
import { decidedAgain } from '../replay/decided-again';
import { readProfile } from '../shell/definition-files';
import type { FigureReader } from '../shell/figure-store';
import type { LogInspector, SchemaSource } from '../shell/ports';
import { readOffsets } from '../shell/read-positions';
import { CommandFailure } from './failure';
import { loadedCatalogue } from './loaded-reference';
import type { Neighbours } from './neighbours';

interface Ports { readonly inspector: LogInspector; readonly schemas: SchemaSource; readonly reader: FigureReader }

/** `reader`: of the figures. @throws CommandFailure where records of a replay cannot be decided any more as it decided them. */
export async function logChoiceOf(neighbours: Neighbours, reader: FigureReader, onProgress: LogChoice['onProgress']): Promise<LogChoice> {
  const { config } = neighbours;
  const log = await neighbours.log();
  const ports = { inspector: await neighbours.inspector(log), schemas: await neighbours.registry(), reader };
  const { isLive, replay } = await neighbours.meant();
  return {
    decided: replay ? await ofReplay(replay, neighbours, ports) : enrichedRecords(ports),
    revisions: isLive ? { ...ports, partitionOf: (key) => log.partitionOf(key, config.TIDEWAITER_PARTITIONS) } : undefined,
    ...(onProgress ? { onProgress } : {}),
  };
}

async function ofReplay(replay: NamespaceManifest, neighbours: Neighbours, { inspector, schemas: registry, reader }: Ports): Promise<DecidedRecords> {
  const profile = readProfile(neighbours.config.TIDEWAITER_PROFILE);
  const decisions = await sound(decidedAgain(replay, { catalogue: await loadedCatalogue(neighbours, profile), profile, registry, logger: neighbours.logger }));
  if ('why' in decisions) throw new CommandFailure(`${decisions.why}: how its declarations were decided cannot be told; --brief explains the figure without that`);
  const records = decisions({ inspector, counted: await neighbours.redisCall(readOffsets(reader)) });
  return { size: (partition) => records.size(partition), at: (...asked) => sound(records.at(...asked)), of: (...asked) => sound(records.of(...asked)) };
}

/** What is wrong with an archive is no broker that does not answer. */
const sound = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
  answer.catch((error: unknown) => { throw error instanceof DamagedArchive ? new CommandFailure(`${error.message} ("tidewaiter archive verify" names all; --brief explains the figure without it)`) : error; });
