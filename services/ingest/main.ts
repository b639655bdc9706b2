import { readSecret } from '../shell/config';
import { pseudonymiser } from '../shell/pseudonym';
import { runService } from '../shell/service';
import { runUpstream } from '../shell/run-upstream';
import { ingestStage } from './stage';

void runService('ingest', (context) => {
  const key = readSecret(context.config.pseudonymKeyFile, 'TIDEWAITER_PSEUDONYM_KEY_FILE');
  return runUpstream(ingestStage(pseudonymiser(key)), context);
});
