/** `try`: a file through the whole flow in this one process, in memory. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { Calendar } from '../../domain/period';
import { readLines, type FeedFormat } from '../../feed/formats';
import { rawEncoder } from '../../feed/raw-record';
import { sendFile } from '../../feed/send-file';
import { InMemorySystem } from '../../local/in-memory-system';
import { answerQuery } from '../../query/answer-query';
import { parsePeriodRequest } from '../../query/period-request';
import { readConfig, type Config } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { ownSchemaId } from '../../shell/stage-codec';
import { rawTopic, type View } from '../../topology';
import { CommandFailure, usage } from '../failure';
import { FeedProgress } from '../feed-progress';
import { formatOption } from '../format-option';
import { print, say, table } from '../output';
import { queryContext } from '../../query/query-context';
import { showFigures } from '../show-figures';
import { languages, type Language } from '../../domain/language';
import { monotonicMs } from '../../shell/waiting';

/** Of the books' fields: one for each code. */
const REFUSED = 'refused:';

interface Options { cells?: true; format: FeedFormat; profile?: string; lang: Language }

export function tryCommand(): Command {
  return new Command('try')
    .description('runs a file through every service in this one process, in memory, and shows the figures; nothing is kept')
    .argument('<file>', 'a file of declarations')
    .addOption(formatOption().default('ndjson'))
    .option('--profile <id>', 'authority; default: TIDEWAITER_PROFILE')
    .option('--cells', 'every Redis key and field that came of it, instead of figures')
    .addOption(new Option('--lang <language>', 'language of the tables').choices(languages).default('en'))
    .addHelpText('after', `
Needs no broker, registry or Redis: the services are the same, the adapters are not.

Examples:
  tidewaiter generate --count 5000 --seed 1 --out sample.ndjson && tidewaiter try sample.ndjson
  tidewaiter try schemas/samples/declaration.ndjson --cells
  tidewaiter try kcs-valid.csv --format kcs-csv --profile KR --lang fr`)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  if (!existsSync(file)) throw usage(`there is no file "${file}"`);
  const config = readConfig(options.profile === undefined ? process.env : { ...process.env, TIDEWAITER_PROFILE: options.profile });
  say('All services run in this process, in memory: nothing is kept.');
  const system = await InMemorySystem.start(config);
  try {
    await feed(system, file, options, config);
    await system.drained();
    tellRefusals(system);
    if (options.cells) print(table(['key', 'field', 'value'], system.fields().map(({ key, field, value }) => [key, field, value]), [2]));
    else await show(system, config, options.lang);
  } finally {
    await system.stop();
  }
}

async function feed(system: InMemorySystem, file: string, { format }: Options, config: Config): Promise<void> {
  const log = system.neighbours.log();
  const sink = await log.sink();
  const encode = rawEncoder(await ownSchemaId(system.neighbours.registry(), rawTopic));
  const input = createReadStream(file);
  const progress = new FeedProgress(statSync(file).size);
  const lines = readLines(format, input, new Calendar(readProfile(config.TIDEWAITER_PROFILE).timeZone));
  const { sent, faulty } = await sendFile(lines, {
    sink, encode, partitionOf: (id) => log.partitionOf(id, config.TIDEWAITER_PARTITIONS),
    now: () => monotonicMs(), delay: (milliseconds) => new Promise((next) => setTimeout(next, milliseconds)),
  }, { stopped: () => false, onFaults: ({ line }) => progress.line(`line ${line} is no event`), onProgress: (done) => progress.update(done.sent, input.bytesRead) });
  progress.stop();
  say(`${sent} declarations sent from ${file}`);
  if (faulty > 0) say(`${faulty} lines are no events and were left out`);
}

/** Figures do not show what is missing from them. */
function tellRefusals(system: InMemorySystem): void {
  const refused = system.fields().flatMap(({ key, field, value }) => (key.endsWith(':cell/books') && field.startsWith(REFUSED) ? [`${field.slice(REFUSED.length)} ${value}`] : []));
  if (refused.length > 0) say(`refused: ${refused.join(', ')}`);
}

async function show(system: InMemorySystem, config: Config, lang: Language): Promise<void> {
  const context = queryContext(config);
  const reader = system.neighbours.figures();
  const ask = async (view: View, period: string, by: string[]) => {
    const request = parsePeriodRequest(period);
    const answer = request && await answerQuery({ view, by, where: {}, period: request }, context, reader, system.neighbours.closed());
    if (!answer || !('rows' in answer)) throw new CommandFailure(`no figures of ${view} in ${period}`);
    return answer;
  };
  const { asOf } = await ask('operations', 'rolling:1h', []);
  const month = context.calendar.keysOf(Date.parse(asOf.streamTime ?? new Date().toISOString())).month;
  for (const [view, by] of [['revenue', ['taxType']], ['statistics', ['flow']], ['operations', ['stage']]] as const) {
    showFigures(await ask(view, `month:${month}`, [...by]), lang);
    print('');
  }
}
