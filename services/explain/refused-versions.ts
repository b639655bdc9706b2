/** What was refused of a declaration, from the topic of refusals. */
import type { RejectedDeclaration } from '../domain/declaration';
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { monotonicMs } from '../shell/waiting';
import { rejectedTopic, type StageName } from '../topology';
import type { LogPorts, RefusedVersion } from './decided-records';

type Refused = RefusedVersion & Pick<RejectedDeclaration, 'rejectId' | 'stage' | 'declarationId'>;
const unread: readonly string[] = ['code', 'message', 'office', 'recordTopic', 'recordKey', 'recordValue', 'recordHeaders'];

/** Refusals lie where the raw record did, which any gateway may have chosen: all are looked at, each counts once. `counts`: those of which stages. */
export async function refusedVersions(declarationId: string, { inspector, schemas }: LogPorts, counts: (stage: StageName) => boolean): Promise<RefusedVersion[]> {
  const values: (Buffer | null)[] = [];
  const stretches = (await inspector.offsets(rejectedTopic)).flatMap(({ partition, start, end }) => (start < end ? [{ partition, from: start, to: end }] : []));
  if (stretches.length === 0) return [];
  await inspector.readStretches(rejectedTopic, stretches, (_, { value }) => { if (value?.includes(declarationId)) values.push(value); });
  const decoder = new Decoder<Refused>(avroType(schemaWithout(topicSchema(rejectedTopic), unread)), schemas);
  await decoder.prepare(values, monotonicMs());
  const found = new Map<string, RefusedVersion>();
  for (const value of values) {
    const result = decoder.decode(value);
    if ('failure' in result || result.value.declarationId !== declarationId || !counts(result.value.stage as StageName)) continue;
    const { rejectId, origin, codes, version, occurredAt } = result.value;
    found.set(rejectId, { origin, codes, version, occurredAt });
  }
  return [...found.values()];
}

/** Refusals that have to be looked through. */
export const refusalsHeld = async (inspector: LogPorts['inspector']): Promise<number> => (await inspector.offsets(rejectedTopic)).reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
