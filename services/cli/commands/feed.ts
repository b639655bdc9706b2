/** `feed`: a file to the raw topic. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { Calendar } from '../../domain/period';
import { faultText } from '../../feed/feed-line';
import { readLines, type FeedFormat } from '../../feed/formats';
import { FeedFileError } from '../../feed/kcs-csv';
import { rawEncoder } from '../../feed/raw-record';
import { sendFile, type SendFilePorts, type SendFileResult } from '../../feed/send-file';
import { readConfig, type Config } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { ownSchemaId, SchemaMismatch } from '../../shell/stage-codec';
import { rawTopic } from '../../topology';
import { positiveInteger } from '../arguments';
import { CommandFailure, usage } from '../failure';
import { FeedProgress } from '../feed-progress';
import { formatOption } from '../format-option';
import { withNeighbours, type Neighbours } from '../neighbours';
import { say } from '../output';
import { monotonicMs } from '../../shell/waiting';

interface Options { format: FeedFormat; rate?: number; profile?: string }

export function feedCommand(): Command {
  return new Command('feed')
    .description('sends a file of declarations to the raw topic')
    .argument('<file>', 'a file, or - for standard input')
    .addOption(formatOption().makeOptionMandatory())
    .option('--rate <n>', 'at most so many declarations a second', positiveInteger)
    .option('--profile <id>', 'authority whose time zone cuts dates without a time; default: TIDEWAITER_PROFILE')
    .addHelpText('after', `
Lines that are no event are named on standard error and not sent; the exit code is then 1. Sending a file
twice changes nothing: repeats are recognised.

Examples:
  tidewaiter feed declarations.ndjson --format ndjson
  tidewaiter feed kcs-train.csv --format kcs-csv --profile KR --rate 500`)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  if (file !== '-' && !(existsSync(file) && !statSync(file).isDirectory())) throw usage(`there is no file "${file}"`);
  const config = readConfig(options.profile === undefined ? process.env : { ...process.env, TIDEWAITER_PROFILE: options.profile });
  const calendar = new Calendar(readProfile(config.TIDEWAITER_PROFILE).timeZone);
  let stopped = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopped) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopped = true;
    say('stopping after the records on their way …');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const progress = new FeedProgress(file === '-' ? 0 : statSync(file).size);
  const result = await withNeighbours(config, async (neighbours) => {
    const ports = await openPorts(neighbours, config, (trouble) => progress.trouble(trouble));
    const input = (file === '-' ? process.stdin : createReadStream(file)) as Readable & { readonly bytesRead?: number };
    return sendLines(input, options, ports, calendar, progress, () => stopped);
  });
  conclude(file, result, stopped);
}

async function openPorts(neighbours: Neighbours, config: Config, onTrouble: (trouble: string | undefined) => void): Promise<SendFilePorts> {
  const registry = await neighbours.registry();
  const log = await neighbours.log(onTrouble);
  const inspector = await neighbours.inspector(log);
  const partitions = (await neighbours.kafkaCall(inspector.offsets(rawTopic))).length;
  if (partitions !== config.TIDEWAITER_PARTITIONS) throw new CommandFailure(`the raw topic has ${partitions} partitions, TIDEWAITER_PARTITIONS says ${config.TIDEWAITER_PARTITIONS}: set it to ${partitions}`);
  const encode = rawEncoder(await neighbours.registryCall(ownSchemaId(registry, rawTopic).catch(asFailure)));
  const sink = await log.sink();
  neighbours.onClose(() => sink.close());
  return {
    sink, encode, partitionOf: (declarationId) => log.partitionOf(declarationId, partitions),
    now: () => monotonicMs(), delay: (milliseconds) => delay(milliseconds),
  };
}

const asFailure = (error: unknown): never => { throw error instanceof SchemaMismatch ? new CommandFailure(error.message) : error; };

async function sendLines(input: Readable & { readonly bytesRead?: number }, options: Options, ports: SendFilePorts, calendar: Calendar, progress: FeedProgress, stopped: () => boolean): Promise<SendFileResult> {
  try {
    return await sendFile(readLines(options.format, input, calendar), ports, {
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      stopped,
      onFaults: (line) => progress.line(faultText(line)),
      onProgress: ({ sent }) => progress.update(sent, input.bytesRead ?? 0),
    });
  } catch (error) {
    throw error instanceof FeedFileError ? new CommandFailure(error.message) : error;
  } finally {
    progress.stop();
    input.destroy();
  }
}

function conclude(file: string, { sent, faulty, unknownFields }: SendFileResult, stopped: boolean): void {
  say(`${stopped ? 'stopped: ' : ''}${sent} declarations sent from ${file}`);
  if (unknownFields > 0) say(`${unknownFields} fields that an event does not have were left out`);
  if (faulty > 0) throw new CommandFailure(`${faulty} lines were not sent: correct them and feed the file again`);
  if (stopped) process.exitCode = 130;
}
