/** Starts an upstream stage as a service: connects the ports, waits for neighbours that are away, runs the loop. */
import { StageCodec } from './stage-codec';
import { StageRunner } from './run-stage';
import type { RunningService, ServiceContext } from './service';
import type { Stage } from './stage';

export async function runUpstream<Input, Addition>(stage: Stage<Input, Addition>, context: ServiceContext): Promise<RunningService> {
  const { config, logger, state, neighbours } = context;
  const registry = neighbours.registry();
  const codec = await context.untilReady('schema registry', () => StageCodec.create(stage, registry));
  const runner = new StageRunner(stage, codec, {
    log: neighbours.log(),
    logger, state,
    partitions: config.TIDEWAITER_PARTITIONS,
    refusalShare: config.TIDEWAITER_REFUSAL_SHARE,
  });
  await context.untilReady('kafka', () => runner.start());
  return runner;
}
