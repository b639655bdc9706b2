/** `holes accept`: an operator's word that what a log has lost may be left out. */
import { Argument, Command } from 'commander';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { acceptHole } from '../../shell/accept-hole';
import { flow, type UpstreamStageName } from '../../topology';
import { CommandFailure, usage } from '../failure';
import { within } from '../../shell/within';
import { withNeighbours } from '../neighbours';
import { print, printJson } from '../output';

export function holesCommand(): Command {
  const holes = new Command('holes').description('partitions that were stopped because their log has lost records').addHelpText('after', `
Without a word of an operator a stage never goes on behind a hole; "tidewaiter status" shows where one stands.

Example:
  tidewaiter holes accept standardize 2 --leave-out`);
  holes.command('accept').description('lets a stage go on behind records that are gone for good; the stage must not run')
    .addArgument(new Argument('<stage>', 'the stage that has stopped').choices(flow.map(({ name }) => name)))
    .argument('<partition>', 'the partition of its input')
    .option('--leave-out', 'the word itself: what is gone stays out of the figures')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
Over records that are gone reading goes on at the log's start, and they are booked as offsets without a record.
A log of a later stage that was made anew is read from its start: what was decided before is known, and dropped.
A raw log that has lost its end or was made anew is refused: see infra/runbooks/partition-stopped-hole.md.

Example:
  tidewaiter holes accept ingest 0 --leave-out`)
    .action(run);
  return holes;
}

async function run(stage: UpstreamStageName, partitionText: string, { leaveOut, json }: { leaveOut?: true; json?: true }): Promise<void> {
  if (!/^\d{1,4}$/.test(partitionText)) throw usage('the partition must be a whole number');
  if (!leaveOut) throw usage('say --leave-out: what is gone stays out of the figures, for good');
  const accepted = await withNeighbours(readConfig(), async (neighbours) => within(limits.holeAcceptMs, acceptHole(await neighbours.log(), stage, Number(partitionText))));
  if ('refused' in accepted) throw new CommandFailure(`not accepted: ${accepted.refused}`);
  const { position: { topic, partition, offset }, leftOut } = accepted;
  if (json) printJson({ stage, topic, partition, offset, leftOut });
  else print(`${stage} goes on at ${offset} of ${topic}/${partition}; ${leftOut} offsets are left out. Start it again.`);
}
