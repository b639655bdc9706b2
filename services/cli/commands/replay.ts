/** `replay`: history counted again beside the live figures, compared, made live, and undone. */
import { Command, Option } from 'commander';
import { userInfo } from 'node:os';
import { commaSeparated, dayOrMoment, positiveInteger } from '../arguments';
import { followLive } from '../replay/follow';
import { comparedViews, compareReplay } from '../replay/compare';
import { planReplay } from '../replay/plan';
import { refreshReplay } from '../replay/refresh';
import { withRequestOptions } from '../replay/replay-request';
import { runReplay } from '../replay/run';
import { screenReplay } from '../replay/screen';
import { dropReplay, listReplays, promoteReplay, undoPromotion } from '../replay/switch';

export function replayCommand(): Command {
  const replay = new Command('replay').description('counts history again beside the live figures; compares, promotes, undoes').addHelpText('after', `
A replay counts into a namespace of its own: nothing is stopped, and nobody sees it before it is promoted. What
lies behind the topic that it reads is decided anew, with the reference data in force now and the files that you give.

Examples:
  tidewaiter replay plan --pack duty-2026.json
  tidewaiter replay run duty-2026 --pack duty-2026.json --workers 2
  tidewaiter replay compare duty-2026
  tidewaiter replay promote duty-2026 --reason "duty of 2026"
  tidewaiter replay undo --reason "wrong rate for chapter 87"`);
  withRequestOptions(replay.command('plan').description('what would be read, how long it takes, what would decide'))
    .option('--workers <n>', 'processes that count', positiveInteger, 1).option('--json', 'one JSON object').action(planReplay);
  named(withRequestOptions(replay.command('run').description('begins a replay, or goes on with it; returns when history is counted').argument('<name>', 'of the namespace'))
    .option('--workers <n>', 'processes that count; they share the partitions', positiveInteger, 1)
    .option('--follow', 'goes on counting what comes, until it is stopped').option('--json', 'one JSON object').addHelpText('after', `
Stopped or killed, the same command goes on where it was. History ends where the topics ended when it was begun.
A replay that begins later (--since) or ends (--until, --archive-alone) can be compared, and not promoted.

Examples:
  tidewaiter replay run duty-2026 --pack duty-2026.json --workers 2
  tidewaiter replay run march --since 2026-03-01 --until 2026-04-01
  tidewaiter replay run all-years --from raw --archive
  tidewaiter replay run duty-2026 --follow`)).action(runReplay);
  named(replay.command('follow').description('counts into whatever replay is live, and waits while none is; for a process that always runs'))
    .option('--workers <n>', 'processes that count', positiveInteger, 1).addHelpText('after', `
Beside "tidewaiter start", wherever replays are promoted: it counts what comes into the one that everybody reads, with
the reference data that is loaded meanwhile, and changes over with "replay promote" and "replay undo".

Examples:
  tidewaiter replay follow --by operations`).action(followLive);
  replay.command('compare').description('what differs from the live figures; exit code 1 when any declaration does').argument('<name>', 'of the namespace')
    .addOption(new Option('--view <view>', 'one view alone').choices(comparedViews)).option('--by <dimensions>', 'dimensions of that view', commaSeparated)
    .addOption(new Option('--grain <grain>', 'periods').choices(['month', 'day']).default('month'))
    .addOption(new Option('--format <format>', 'how it is shown').choices(['table', 'markdown', 'csv', 'json']).default('table'))
    .option('--other-log', 'the replay is of another log, such as imported files: nothing of it is on its way to the live figures').addHelpText('after', `
Declaration by declaration, from both ledgers: what one side has not come to yet is left out, and told.

Examples:
  tidewaiter replay compare duty-2026
  tidewaiter replay compare duty-2026 --view revenue --by office,taxType --grain day --format csv`).action(compareReplay);
  reasoned(named(replay.command('promote').description('everybody reads these figures from now on').argument('<name>', 'of the namespace'))).action(promoteReplay);
  reasoned(named(replay.command('undo').description('everybody reads what was live before, at once'))).action(undoPromotion);
  replay.command('screen').description('what its lists find in its history and nobody was told becomes alerts, marked as look-back').argument('<name>', 'of the namespace')
    .option('--since <moment>', 'declarations accepted from then on; default: all', dayOrMoment).option('--json', 'the new alerts, one JSON object a line').action(screenReplay);
  named(replay.command('refresh').description('what was loaded since decides what comes; "run --follow" does it by itself').argument('<name>', 'of the namespace')).action(refreshReplay);
  named(replay.command('drop').description('lets a namespace and its figures go').argument('<name>', 'of the namespace')).action(dropReplay);
  replay.command('list').description('namespaces, and which one is live').option('--json', 'one JSON object a line').action(listReplays);
  return replay;
}

const named = (command: Command): Command => command.option('--by <name>', 'who does it; default: who is signed in to this machine', userInfo().username);
const reasoned = (command: Command): Command => command.requiredOption('--reason <text>', 'why; stands beside the name');
