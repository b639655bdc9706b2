import { runService } from '../shell/service';
import { startStandardize } from './start';

void runService('standardize', startStandardize);
