import { runService } from '../shell/service';
import { startConsole } from './start';

void runService('console', startConsole);
