/** Generated declarations counted by all services in memory, and the cells that the generator's own arithmetic says they come to. */
import { Readable } from 'node:stream';
import { readNdjson } from '../../services/feed/ndjson';
import { sendFile } from '../../services/feed/send-file';
import { ExpectedFigures } from '../../services/generate/expected';
import { emptyTally, generate } from '../../services/generate/generate';
import { InMemorySystem } from '../../services/local/in-memory-system';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Config } from '../../services/shell/config';
import { readProfile } from '../../services/shell/definition-files';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic } from '../../services/topology';
import { independentRows } from './recount';
import { expectedCells, type Cells } from './redis-cells';

const HOUR_MS = 3_600_000;
const DAYS = 40;

/** Up to the full hour before the last one, with faults. */
export async function generatedSystem(config: Config, seed: string, count: number): Promise<{ readonly system: InMemorySystem; readonly expected: Cells }> {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const figures = new ExpectedFigures(profile);
  const untilMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const lines = [...generate({ profile, seed, count, days: DAYS, untilMs, withFaults: true }, emptyTally(), (events) => figures.add(events))];
  const system = await InMemorySystem.start(config);
  const log = system.neighbours.log();
  const encoder = new Encoder(await ownSchemaId(system.neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
  await sendFile(readNdjson(Readable.from(lines.map((line) => `${line}\n`))), {
    sink: await log.sink(), encode: (declaration) => encoder.encode(declaration), partitionOf: (id) => log.partitionOf(id, config.TIDEWAITER_PARTITIONS), now: () => 0, delay: async () => undefined,
  }, { stopped: () => false, onFaults: () => undefined, onProgress: () => undefined });
  await system.drained();
  return { system, expected: expectedCells(independentRows(figures)) };
}
