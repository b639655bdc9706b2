import { readProfile, readReferenceSet } from '../shell/definition-files';
import { runUpstream } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { standardizeStage } from './stage';

export const startStandardize: StartService = (context) => {
  const profile = readProfile(context.config.TIDEWAITER_PROFILE);
  return runUpstream(standardizeStage(readReferenceSet(profile), profile), context);
};
