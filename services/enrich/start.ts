import { createHash } from 'node:crypto';
import { readProfile, readReferenceSet } from '../shell/definition-files';
import { runUpstream } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { enrichStage } from './stage';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const startEnrich: StartService = (context) => runUpstream(enrichStage(readReferenceSet(readProfile(context.config.TIDEWAITER_PROFILE)), sha256), context);
