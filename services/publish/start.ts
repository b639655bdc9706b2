import { Calendar } from '../domain/period';
import { ConfigurationError } from '../shell/config';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';
import type { StartService } from '../shell/service';
import { ClosedRecords } from '../closing/closed-records';
import { LIVE_NAMESPACE } from '../topology';
import { SelfCheckTurns } from '../verify/self-check-turns';
import { ClosedMonths } from './closed-months';
import { PublishCodec } from './publish-codec';
import { PublishingMeasures } from './publishing-measures';
import { Publisher } from './publisher';

export const startPublish: StartService = async ({ config, logger, state, neighbours, untilReady, measurements }) => {
  /** There is one set of topics: figures of two namespaces would lie in them side by side, under the same keys. */
  if (config.TIDEWAITER_NAMESPACE !== LIVE_NAMESPACE) throw new ConfigurationError(`publish writes what subscribers take for the live figures: TIDEWAITER_NAMESPACE must be ${LIVE_NAMESPACE}, is ${config.TIDEWAITER_NAMESPACE}`);
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const reference = readReferenceSet(profile);
  const cubes = readCubes();
  const calendar = new Calendar(profile.timeZone);
  const reader = neighbours.figures();
  const records = await untilReady('schema registry', () => ClosedRecords.create(neighbours.registry()));
  const publisher = new Publisher({
    log: neighbours.log(),
    reader,
    closedMonths: new ClosedMonths({ store: neighbours.closed(), records, cubes, calendar }),
    measures: new PublishingMeasures(measurements, reader),
    selfChecks: new SelfCheckTurns(cubes, calendar, reader, (check, finding) => {
      state.alarm(check, finding);
      if (finding !== undefined) logger.error({ check }, finding);
    }),
    codec: await untilReady('schema registry', () => PublishCodec.create(neighbours.registry(), profile.minorUnits)),
    context: { currency: profile.currency, exponent: profile.minorUnits, definitionsAt: (atMs) => reference.at(atMs).definitions, calendar, cubes },
    partitions: config.TIDEWAITER_PARTITIONS,
    tickMs: config.TIDEWAITER_PUBLISH_TICK_MS,
    graceMs: profile.finalGraceMinutes * 60_000,
    retention: { minute: config.TIDEWAITER_MINUTE_RETENTION_DAYS, hour: config.TIDEWAITER_HOUR_RETENTION_DAYS },
    logger, state,
  });
  await untilReady('kafka', () => publisher.start());
  return publisher;
};
