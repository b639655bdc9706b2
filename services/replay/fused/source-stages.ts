/** Which stages lie between a topic of the flow and the figures, and what each of them is made of. */
import { enrichStage } from '../../enrich/stage';
import { ingestStage } from '../../ingest/stage';
import type { Profile, ReferenceSet } from '../../reference/types';
import type { Purpose } from '../../shell/pseudonym';
import type { Stage } from '../../shell/stage';
import { topicSchema } from '../../shell/avro/schema-files';
import { textDigest } from '../../shell/definition-files';
import { standardizeStage } from '../../standardize/stage';
import { flow, type TopicName, type UpstreamStageDeclaration, type UpstreamStageName } from '../../topology';
import type { FusedStep } from './fused-flow';
import { unreadByAll } from './unread-fields';

/** `pseudonymise` is asked only where party ids are read: behind the raw topic. */
export interface Deciding { readonly reference: ReferenceSet; readonly profile: Profile; readonly pseudonymise: (purpose: Purpose, id: string) => string }

type AnyStage = Stage<unknown, unknown>;
const makers: Readonly<Record<UpstreamStageName, (deciding: Deciding) => unknown>> = {
  ingest: ({ pseudonymise }) => ingestStage(pseudonymise),
  standardize: ({ reference, profile }) => standardizeStage(reference, profile),
  enrich: ({ reference }) => enrichStage(reference, textDigest),
};

/** Topics that history can be read from: what the stages of the flow read, and what is counted. */
export const sourceTopics: readonly TopicName[] = [...flow.map(({ input }) => input), ...flow.slice(-1).map(({ output }) => output)];

/** The stages behind a topic, in order; none behind the one that is counted. */
export function stagesBehind(source: TopicName): readonly UpstreamStageDeclaration[] {
  const index = flow.findIndex(({ input }) => input === source);
  return index < 0 ? [] : flow.slice(index);
}

export function fusedSteps(source: TopicName, deciding: Deciding): readonly FusedStep[] {
  return stagesBehind(source).map(({ name, output }) => {
    const stage = makers[name](deciding) as AnyStage;
    return { stage, carriedAs: stage.output === 'appends' ? firstFieldOf(output) : undefined };
  });
}

const firstFieldOf = (topic: TopicName): string => (topicSchema(topic) as { fields: { name: string }[] }).fields[0]?.name ?? '';

/** What of the source's records need not be decoded. `last`: what of the flow's last records nobody looks at. */
export const unreadOf = (steps: readonly FusedStep[], last: readonly string[]): readonly string[] =>
  unreadByAll([...steps.map(({ stage, carriedAs }) => ({ unread: stage.unread, carriedAs })), { unread: last, carriedAs: undefined }]);
