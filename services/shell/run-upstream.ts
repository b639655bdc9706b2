/** Starts an upstream stage as a service: connects the ports, waits for neighbours that are away, runs the loop. */
import { topics, type TopicName } from '../topology';
import { silentMeasurements } from './measurements';
import type { Log } from './ports';
import { StageCodec } from './stage-codec';
import { StageRunner } from './run-stage';
import type { RunningService, ServiceContext } from './service';
import { readCatalogue, readProfile } from './definition-files';
import { ReferenceFollower } from './reference-follower';
import type { Profile, ReferenceSet } from '../reference/types';
import type { Stage } from './stage';
import { constantStage, stageByReference, type StageVersions } from './stage-versions';
import { NotReady } from './waiting';

/** Starts a stage that uses no reference data. */
export const runUpstream = <Input, Addition>(stage: Stage<Input, Addition>, context: ServiceContext): Promise<RunningService> => run(constantStage(stage), context);

/** Starts a stage that decides by reference data, and follows what is loaded while it runs. */
export async function runByReference<Input, Addition>(make: (reference: ReferenceSet, profile: Profile) => Stage<Input, Addition>, context: ServiceContext): Promise<RunningService> {
  const { config, logger, state, neighbours, untilReady } = context;
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const follower = await untilReady('kafka', () => ReferenceFollower.start(neighbours.log(), neighbours.registry(), readCatalogue(profile), logger, state.onTrouble));
  return run(stageByReference(follower, (reference) => make(reference, profile)), context);
}

async function run<Input, Addition>(versions: StageVersions<Input, Addition>, context: ServiceContext): Promise<RunningService> {
  const { config, logger, state, neighbours } = context;
  const { input } = versions.latest().declaration;
  if (topics.find(({ name }) => name === input)?.timestamps === 'LogAppendTime') await context.untilReady('kafka', () => mustBeStampedByBroker(neighbours.log(), input));
  const registry = neighbours.registry();
  const codec = await context.untilReady('schema registry', () => StageCodec.create(versions.latest(), registry));
  const runner = new StageRunner(versions, codec, {
    log: neighbours.log(),
    logger, state,
    partitions: config.TIDEWAITER_PARTITIONS,
    refusalShare: config.TIDEWAITER_REFUSAL_SHARE,
    measurements: context.measurements ?? silentMeasurements,
    traces: context.traces,
  });
  await context.untilReady('kafka', () => runner.start());
  return runner;
}

/** Future dates are judged by these stamps: made by senders, one with a clock of next year would pass dates of next year, and a replay could judge otherwise (exactness §17). */
async function mustBeStampedByBroker(log: Log, topic: TopicName): Promise<true> {
  const inspector = await log.inspector();
  try {
    if (await inspector.stampedByBroker(topic)) return true;
  } finally {
    await inspector.close();
  }
  throw new NotReady(`${topic} carries the clocks of its senders, by which no date may be judged: run "tidewaiter topics apply", or set message.timestamp.type to LogAppendTime`);
}
