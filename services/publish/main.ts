import { runService } from '../shell/service';
import { startPublish } from './start';

void runService('publish', startPublish);
