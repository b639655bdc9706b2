import { createHash } from 'node:crypto';
import { readProfile, readReferenceSet } from '../shell/definition-files';
import { runService } from '../shell/service';
import { runUpstream } from '../shell/run-upstream';
import { enrichStage } from './stage';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

void runService('enrich', (context) => runUpstream(enrichStage(readReferenceSet(readProfile(context.config.TIDEWAITER_PROFILE)), sha256), context));
