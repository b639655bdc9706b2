import { Calendar } from '../domain/period';
import type { LiveFigures } from '../domain/namespace-directory';
import { ConfigurationError } from '../shell/config';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';
import type { ServiceContext, StartService } from '../shell/service';
import { ClosedRecords } from '../closing/closed-records';
import { aggregateInputs, LIVE_NAMESPACE } from '../topology';
import { SelfCheckTurns } from '../verify/self-check-turns';
import { ClosedMonths } from './closed-months';
import { LivePublisher } from './live-publisher';
import { PublishCodec } from './publish-codec';
import { PublishingMeasures } from './publishing-measures';
import { Publisher } from './publisher';

export const startPublish: StartService = async (context) => {
  const { config, logger, state, neighbours, untilReady } = context;
  /** There is one set of topics: figures of two namespaces would lie in them side by side, under the same keys. */
  if (config.TIDEWAITER_NAMESPACE !== LIVE_NAMESPACE) throw new ConfigurationError(`publish writes what subscribers take for the live figures: TIDEWAITER_NAMESPACE must be ${LIVE_NAMESPACE}, is ${config.TIDEWAITER_NAMESPACE}`);
  const make = await publisherOf(context);
  const publisher = new LivePublisher({ log: neighbours.log(), registry: neighbours.registry(), directory: neighbours.directory(), logger, state, make });
  await untilReady('kafka', () => publisher.start());
  return publisher;
};

/** Makes publishers, of whatever figures are live. */
async function publisherOf({ config, logger, state, neighbours, untilReady, measurements }: ServiceContext): Promise<(live: LiveFigures) => Publisher> {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const reference = readReferenceSet(profile);
  const cubes = readCubes();
  const calendar = new Calendar(profile.timeZone);
  const records = await untilReady('schema registry', () => ClosedRecords.create(neighbours.registry()));
  const codec = await untilReady('schema registry', () => PublishCodec.create(neighbours.registry(), profile.minorUnits));
  const lease = neighbours.figures({ name: LIVE_NAMESPACE, inputs: aggregateInputs });
  return (live) => {
    const reader = neighbours.figures(live);
    return new Publisher({
      log: neighbours.log(),
      reader, lease,
      generation: live.generation,
      closedMonths: new ClosedMonths({ store: neighbours.closed(live), records, cubes, calendar }),
      measures: new PublishingMeasures(measurements, reader),
      selfChecks: new SelfCheckTurns(cubes, calendar, reader, (check, finding) => {
        state.alarm(check, finding);
        if (finding !== undefined) logger.error({ check }, finding);
      }),
      codec,
      context: { currency: profile.currency, exponent: profile.minorUnits, definitionsAt: (atMs) => reference.at(atMs).definitions, calendar, cubes },
      partitions: config.TIDEWAITER_PARTITIONS,
      tickMs: config.TIDEWAITER_PUBLISH_TICK_MS,
      graceMs: profile.finalGraceMinutes * 60_000,
      retention: { minute: config.TIDEWAITER_MINUTE_RETENTION_DAYS, hour: config.TIDEWAITER_HOUR_RETENTION_DAYS, ledger: config.TIDEWAITER_LEDGER_HORIZON_DAYS },
      logger, state,
    });
  };
}
