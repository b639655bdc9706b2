import { runService } from '../shell/service';
import { startEnrich } from './start';

void runService('enrich', startEnrich);
