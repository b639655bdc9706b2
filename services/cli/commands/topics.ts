/** `topics apply` and `topics check`. */
import { Command } from 'commander';
import { readConfig } from '../../shell/config';
import type { KafkaLog } from '../../shell/kafka/kafka-log';
import { CommandFailure } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson } from '../output';
import { applyTopics, topicDifferences, type TopicDifference } from '../topic-differences';

type Admin = ReturnType<KafkaLog['client']['admin']>;

export function topicsCommand(): Command {
  const topics = new Command('topics').description('brings the broker’s topics to what this version declares').addHelpText('after', `
Partitions and replication of topics that are created come from TIDEWAITER_PARTITIONS and
TIDEWAITER_REPLICATION. The partition count of an existing topic is never changed.

Examples:
  tidewaiter topics apply
  tidewaiter topics check --json`);
  topics.command('apply').description('creates missing topics and corrects their settings').option('--json', 'one JSON object').action((options: { json?: true }) => run('apply', options.json === true));
  topics.command('check').description('reports differences; exit code 1 when there are any').option('--json', 'one JSON object').action((options: { json?: true }) => run('check', options.json === true));
  return topics;
}

async function run(what: 'apply' | 'check', json: boolean): Promise<void> {
  const config = readConfig();
  const settings = { partitions: config.TIDEWAITER_PARTITIONS, replication: config.TIDEWAITER_REPLICATION };
  await withNeighbours(config, async (neighbours) => {
    const admin = await openAdmin(neighbours);
    const before = await neighbours.kafkaCall(topicDifferences(admin, settings));
    if (what === 'apply') await applied(neighbours, applyTopics(admin, before, settings));
    const found = what === 'check' ? before : await neighbours.kafkaCall(topicDifferences(admin, settings));
    report(found, before, json);
  });
}

export async function openAdmin(neighbours: Neighbours): Promise<Admin> {
  const admin = (await neighbours.log()).client.admin();
  await neighbours.kafkaCall(admin.connect());
  neighbours.onClose(() => admin.disconnect());
  return admin;
}

/** The broker's own reason, such as too few brokers for the replication asked for. */
async function applied(neighbours: Neighbours, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const { errors, message } = error as { errors?: readonly { topic?: string; message: string }[]; message: string };
    throw new CommandFailure(`the broker did not make the topics: ${errors?.map((part) => `${part.topic ?? ''} ${part.message}`.trim()).join('; ') ?? message} (TIDEWAITER_REPLICATION is ${neighbours.config.TIDEWAITER_REPLICATION})`);
  }
}

function report(found: readonly TopicDifference[], before: readonly TopicDifference[], json: boolean): void {
  const differing = found.filter(({ differences }) => differences.length > 0);
  if (json) printJson({ topics: found.map(({ topic, differences }) => ({ topic, differences })), asDeclared: differing.length === 0 });
  else {
    for (const { topic, differences, missing } of found) {
      const was = before.find((difference) => difference.topic === topic);
      const done = was?.missing && !missing ? 'created' : (was?.differences.length ?? 0) > differences.length ? 'corrected' : 'as declared';
      print(`${topic}  ${differences.length === 0 ? done : differences.join('; ')}`);
    }
  }
  if (differing.length === 0) return;
  const partitions = differing.some(({ differences }) => differences.some((difference) => difference.includes('partitions')));
  throw new CommandFailure(partitions
    ? 'Topics differ from what is declared. Set TIDEWAITER_PARTITIONS to what the topics have, or replay into new ones: a partition count is part of the figures.'
    : 'Topics differ from what is declared: run "tidewaiter topics apply".');
}
