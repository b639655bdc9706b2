/** A worker of a replay: `main.js NAMESPACE [--with-parent]`. With a parent it ends when that does. */
import { runService } from '../shell/service';
import { startReplay } from './start';

const [namespace, withParent] = process.argv.slice(2);
if (namespace === undefined) {
  process.stderr.write('which namespace? Give its name: "tidewaiter replay list" has them\n');
  process.exit(2);
}
if (withParent !== undefined) process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
void runService('replay', startReplay(namespace));
