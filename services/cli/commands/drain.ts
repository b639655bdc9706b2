/** `drain`: waits until everything in the raw topic has reached Redis and the aggregate topics. */
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { backlog, type Backlog } from '../../shell/drained';
import { seconds } from '../arguments';
import { CommandFailure } from '../failure';
import { checkManifest } from '../../shell/manifest-check';
import { within } from '../../shell/within';
import { MISSING_TOPICS, withNeighbours } from '../neighbours';
import { say } from '../output';
import { monotonicMs } from '../../shell/waiting';

export function drainCommand(): Command {
  return new Command('drain')
    .description('waits until everything in the raw topic has been counted and published')
    .option('--timeout <s>', 'give up after so many seconds, exit code 1; default: never', seconds)
    .addHelpText('after', `
Examples:
  tidewaiter drain
  tidewaiter drain --timeout 60`)
    .action(run);
}

async function run({ timeout }: { timeout?: number }): Promise<void> {
  const config = readConfig();
  const deadlineMs = timeout === undefined ? Infinity : monotonicMs() + timeout * 1_000;
  await withNeighbours(config, async (neighbours) => {
    const inspector = await neighbours.inspector(undefined, timeout === undefined ? undefined : timeout * 1_000);
    const reader = await neighbours.figures();
    checkManifest(await neighbours.redisCall(reader.manifest()), config);
    let nextLineMs = monotonicMs() + limits.drainLineMs;
    for (let left: readonly Backlog[] | undefined; ; await delay(limits.commandLookMs)) {
      const answer = await asked(within(Math.max(1, Math.min(limits.drainCallMs, deadlineMs - monotonicMs())), backlog(inspector, reader)));
      if (answer?.length === 0) return;
      if (answer || monotonicMs() < deadlineMs) left = answer;
      if (monotonicMs() >= deadlineMs) throw new CommandFailure(`not drained after ${timeout} s: ${left === undefined ? 'no answer from Kafka or Redis' : inWords(left)}`);
      if (monotonicMs() >= nextLineMs) {
        nextLineMs = monotonicMs() + limits.drainLineMs;
        say(left === undefined ? 'no answer from Kafka or Redis' : inWords(left));
      }
    }
  });
}

/** A neighbour that is away for now is waited for; topics that do not exist are a mistake. */
async function asked(call: Promise<readonly Backlog[]>): Promise<readonly Backlog[] | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') throw new CommandFailure(MISSING_TOPICS);
    return undefined;
  }
}

/** What is behind, by stage in the order of the flow; a position outside its log is never caught up by waiting. */
function inWords(left: readonly Backlog[]): string {
  const byStage = new Map<string, number>();
  for (const { stage, records, outside } of left) if (outside === undefined) byStage.set(stage, (byStage.get(stage) ?? 0) + records);
  const stopped = left.flatMap(({ stage, topic, partition, outside }) => (outside === undefined ? [] : `${stage} has stopped at ${topic}/${partition}: ${outside}`));
  return [...[...byStage].map(([stage, records]) => `${stage} is ${records} behind`), ...stopped].join(', ');
}
