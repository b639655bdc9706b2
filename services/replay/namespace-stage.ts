/** What counts into a namespace: the aggregate stage on other topics, with refusals of the stages that decide anew left to them. */
import { aggregateStage } from '../aggregate/stage';
import type { AggregateEvent } from '../aggregate/piece';
import type { Cubes } from '../domain/cubes';
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { CountingStage } from '../shell/counting-stage';
import { rawTopic, rejectedTopic, type StageName, type TopicName } from '../topology';
import { stagesBehind } from './fused/source-stages';

/** Behind the raw topic everything is decided anew; elsewhere the refusals of the stages before stand on a topic of their own. */
export const inputsOf = (source: TopicName): readonly TopicName[] => (source === rawTopic ? [source] : [source, rejectedTopic]);

/** Entries are kept for ever: what the live services refused for its age is counted here, and cannot be counted twice. */
export const namespaceStage = ({ source, fineSinceMs }: Pick<NamespaceManifest, 'source' | 'fineSinceMs'>, cubes: Cubes, timeZone: string): CountingStage<AggregateEvent> => ({ ...aggregateStage(cubes, timeZone, 0, fineSinceMs), inputs: inputsOf(source) });

/** Stages whose refusals on the rejected topic do not count here: they decide once more. */
export const decidedAnew = (source: TopicName): ReadonlySet<StageName> => new Set<StageName>([...stagesBehind(source).map(({ name }) => name), 'aggregate']);
