import { Calendar } from '../domain/period';
import { connectFigures, connectLog, connectRegistry } from '../shell/connect';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';
import { runService } from '../shell/service';
import { PublishCodec } from './publish-codec';
import { Publisher } from './publisher';

void runService('publish', async ({ config, logger, state, untilReady }) => {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const publisher = new Publisher({
    log: connectLog(config, 'publish', logger, state.onTrouble),
    reader: connectFigures(config, logger, state.onTrouble),
    codec: await untilReady('schema registry', () => PublishCodec.create(connectRegistry(config), profile.minorUnits)),
    context: { currency: profile.currency, exponent: profile.minorUnits, definitions: readReferenceSet(profile).definitions, calendar: new Calendar(profile.timeZone), cubes: readCubes() },
    partitions: config.TIDEWAITER_PARTITIONS,
    tickMs: config.TIDEWAITER_PUBLISH_TICK_MS,
    graceMs: profile.finalGraceMinutes * 60_000,
    logger, state,
  });
  await untilReady('kafka', () => publisher.start());
  return publisher;
});
