import { runService } from '../shell/service';
import { startIngest } from './start';

void runService('ingest', startIngest);
