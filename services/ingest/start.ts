import { readSecret } from '../shell/config';
import { pseudonymiser } from '../shell/pseudonym';
import { runUpstream } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { ingestStage } from './stage';

export const startIngest: StartService = (context) => {
  const key = readSecret(context.config.pseudonymKeyFile, 'TIDEWAITER_PSEUDONYM_KEY_FILE');
  return runUpstream(ingestStage(pseudonymiser(key)), context);
};
