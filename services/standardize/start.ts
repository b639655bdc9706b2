import { runByReference } from '../shell/run-upstream';
import type { StartService } from '../shell/service';
import { standardizeStage } from './stage';

export const startStandardize: StartService = (context) => runByReference(standardizeStage, context);
