/** Counts into a namespace of its own, from any topic of the flow, with the reference data of its manifest. */
import type { AggregateEvent, RefusalEvent } from '../aggregate/piece';
import { unreadRefusalFields } from '../aggregate/stage';
import type { NamespaceManifest } from '../domain/namespace-directory';
import { limits } from '../limits';
import type { Profile, ReferenceSet } from '../reference/types';
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { readCubes } from '../shell/definition-files';
import type { PieceSizes } from '../shell/count-partition';
import { readAsIs, type EventReader } from '../shell/event-reader';
import type { RunningService, ServiceContext } from '../shell/service';
import { startCounting } from '../shell/start-counting';
import { delay } from '../shell/waiting';
import { rejectedTopic, type StageName, type TopicName } from '../topology';
import { LiveWatch } from './yielding/live-watch';
import { historyOfManifest } from './history/manifest-history';
import { madeOf } from './made-of';
import { YieldingPace } from './yielding/yielding-pace';
import { sourceReader } from './fused/source-reader';
import { decidedAnew, namespaceStage } from './namespace-stage';

/** Figures that are as far behind as that do not go live; those that are live, and are made anew from the log after a loss, are compared as a whole. */
const backlogPieces: PieceSizes = { endsBefore: limits.promotedBehindRecords, declarations: limits.replayDeclarationsPerPiece, increments: limits.replayIncrementsPerPiece };

/** `references`: by which the manifest decides, one for each change more. As many may feed a namespace as it has partitions, in as many processes: they share one group. */
export async function startFeed(context: ServiceContext, manifest: NamespaceManifest, profile: Profile, references: readonly ReferenceSet[], backlog = backlogPieces): Promise<RunningService> {
  const { config, logger, neighbours, state } = context;
  const { source, name, inputs, historyFrom } = manifest;
  const cubes = readCubes();
  const pace = new YieldingPace({ behindMs: limits.replayYieldsBehindMs, behindRecords: limits.replayYieldsBehindRecords, slowestPerSecond: limits.replaySlowestPerSecond, growth: limits.replayGrowth, stillMs: limits.replayStillMs, restFactor: limits.replayRestFactor, restedMostMs: limits.replayRestedMostMs, measuredMs: limits.replayMeasuredMs });
  const { log, registry } = await historyOfManifest(manifest, context, pace);
  const refusals = readAsIs(new Decoder<RefusalEvent>(avroType(schemaWithout(topicSchema(rejectedTopic), unreadRefusalFields)), registry));
  const readers = new Map<TopicName, EventReader<AggregateEvent>>([
    [source, sourceReader(manifest, references, { config, profile, registry, logger })],
    [rejectedTopic, refusalsOfOthers(refusals, decidedAnew(source))],
  ]);
  /** Of all partitions one after the other: the store is left alone by all of them. */
  let resting: Promise<void> = Promise.resolve();
  const counting = await startCounting(namespaceStage(manifest, cubes, profile.timeZone), {
    store: neighbours.ledger({ name, inputs }),
    manifest: madeOf(manifest, config, profile, cubes),
    namespace: name,
    beginAt: ({ topic, partition }) => historyFrom?.[`${topic}/${partition}`] ?? 0,
    readers,
    backlog: { ...backlog, pacing: { untilRoom: () => untilRoom(pace), between: (tookMs) => (resting = resting.then(() => rest(pace.restMs(tookMs)))) } },
  }, { ...context, neighbours: { ...neighbours, log } });
  const watch = new LiveWatch(name, config, neighbours, pace, (noRoomWhy) => state.neighbourWaits('redis', noRoomWhy));
  watch.start();
  return { done: counting.done, stop: async () => { await watch.stop(); pace.release(); await counting.stop(); } };
}

const rest = async (milliseconds: number): Promise<void> => { if (milliseconds > 0) await delay(milliseconds); };

async function untilRoom(pace: YieldingPace): Promise<void> {
  while (pace.held) await delay(limits.replayLookMs);
}

function refusalsOfOthers(reader: EventReader<RefusalEvent>, anew: ReadonlySet<StageName>): EventReader<AggregateEvent> {
  return {
    prepare: (values, nowMs) => reader.prepare(values, nowMs),
    read(partition, record) {
      const event = reader.read(partition, record);
      return event && anew.has(event.stage as StageName) ? { ...event, decidedAnew: true } : event;
    },
  };
}
