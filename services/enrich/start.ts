import { textDigest } from '../shell/definition-files';
import { runByReference } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { enrichStage } from './stage';

export const startEnrich: StartService = (context) => runByReference((reference) => enrichStage(reference, textDigest), context);
