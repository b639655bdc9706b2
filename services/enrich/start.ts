import { createHash } from 'node:crypto';
import { runByReference } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { enrichStage } from './stage';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const startEnrich: StartService = (context) => runByReference((reference) => enrichStage(reference, sha256), context);
