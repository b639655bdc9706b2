import { runService } from '../shell/service';
import { startAggregate } from './start';

void runService('aggregate', startAggregate);
