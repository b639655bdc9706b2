import { Calendar } from '../domain/period';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';
import type { StartService } from '../shell/service';
import { PublishCodec } from './publish-codec';
import { Publisher } from './publisher';

export const startPublish: StartService = async ({ config, logger, state, neighbours, untilReady }) => {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const reference = readReferenceSet(profile);
  const publisher = new Publisher({
    log: neighbours.log(),
    reader: neighbours.figures(),
    codec: await untilReady('schema registry', () => PublishCodec.create(neighbours.registry(), profile.minorUnits)),
    context: { currency: profile.currency, exponent: profile.minorUnits, definitionsAt: (atMs) => reference.at(atMs).definitions, calendar: new Calendar(profile.timeZone), cubes: readCubes() },
    partitions: config.TIDEWAITER_PARTITIONS,
    tickMs: config.TIDEWAITER_PUBLISH_TICK_MS,
    graceMs: profile.finalGraceMinutes * 60_000,
    retention: { minute: config.TIDEWAITER_MINUTE_RETENTION_DAYS, hour: config.TIDEWAITER_HOUR_RETENTION_DAYS },
    logger, state,
  });
  await untilReady('kafka', () => publisher.start());
  return publisher;
};
