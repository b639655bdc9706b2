import { readProfile, readReferenceSet } from '../shell/definition-files';
import { runService } from '../shell/service';
import { runUpstream } from '../shell/run-upstream';
import { standardizeStage } from './stage';

void runService('standardize', (context) => {
  const profile = readProfile(context.config.TIDEWAITER_PROFILE);
  return runUpstream(standardizeStage(readReferenceSet(profile), profile), context);
});
