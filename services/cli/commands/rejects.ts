/** `rejects`: what was refused, and why; and sending it again. */
import { Command } from 'commander';
import type { RejectedDeclaration } from '../../domain/declaration';
import { isResultCode, resultCodes } from '../../domain/result-codes';
import { readConfig } from '../../shell/config';
import { redrive, type Redriven } from '../../redrive/redrive';
import { chosen, type RedriveCandidate } from '../../redrive/selection';
import { rawTopic, rejectedTopic } from '../../topology';
import { moment, positiveInteger } from '../arguments';
import { CountProgress } from '../count-progress';
import { CommandFailure, exitCodes, usage } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, say, table } from '../output';
import { refusedContent } from '../../redrive/refused-content';
import { rejectList, shownReject, unreadByList, type RejectHead, type ShownReject } from '../../redrive/reject-list';
import { decodeAll, readValues } from '../topic-records';

export function rejectsCommand(): Command {
  const rejects = new Command('rejects').description('what was refused, and why').addHelpText('after', `
Examples:
  tidewaiter rejects list --limit 20
  tidewaiter rejects show standardize-0-4711`);
  rejects.command('list').description('every refusal once, newest last')
    .option('--since <moment>', 'only records that arrived from then on', moment)
    .option('--limit <n>', 'only the newest so many', positiveInteger)
    .option('--json', 'one JSON object a line')
    .addHelpText('after', `
Examples:
  tidewaiter rejects list --since 2026-03-01
  tidewaiter rejects list --json`)
    .action(list);
  rejects.command('show').description('one refusal with its meaning and the record that was refused')
    .argument('<id>', 'rejectId, as "rejects list" shows it')
    .option('--json', 'one JSON object')
    .option('--hex', 'all bytes of a record that cannot be decoded; they may hold ids of persons')
    .addHelpText('after', `
Party ids are never shown. Bytes that cannot be decoded are described, unless --hex asks for them.

Examples:
  tidewaiter rejects show ingest-2-117
  tidewaiter rejects show ingest-2-117 --json`)
    .action(show);
  rejects.command('redrive').description('sends refused declarations again, after a fix')
    .argument('[ids...]', 'rejectIds, as "rejects list" shows them')
    .option('--code <code>', 'all that were refused with this code')
    .option('--since <moment>', 'only records that arrived from then on', moment)
    .option('--until <moment>', 'only records that arrived before', moment)
    .option('--dry-run', 'shows what would be sent')
    .option('--json', 'one JSON object')
    .addHelpText('after', `
The raw record is sent as it was, and goes the whole way under the rules in force now. A version that was
overtaken meanwhile changes nothing; what is counted already is a repeat. The refusal stays in the books,
the new record is one more. Exit code 1: some raw records are gone from the log.

Examples:
  tidewaiter rejects redrive --code E-HS-UNKNOWN --dry-run
  tidewaiter rejects redrive --code E-VAL-NO-RATE --since 2026-03-01
  tidewaiter rejects redrive standardize-0-4711 standardize-2-90`)
    .action(runRedrive);
  return rejects;
}

interface RedriveOptions { code?: string; since?: number; until?: number; dryRun?: true; json?: true }

async function runRedrive(ids: readonly string[], { code, since, until, dryRun, json }: RedriveOptions): Promise<void> {
  if (ids.length === 0 && code === undefined && since === undefined && until === undefined) throw usage('say which refusals are to be sent again: ids, --code, --since or --until');
  if (code !== undefined && !isResultCode(code)) throw usage(`there is no code "${code}": "tidewaiter compendium" has them all`);
  const choice = { ...(ids.length === 0 ? {} : { ids }), ...(code === undefined ? {} : { code }), ...(since === undefined ? {} : { sinceMs: since }), ...(until === undefined ? {} : { untilMs: until }) };
  await withNeighbours(readConfig(), async (neighbours) => {
    const candidates = chosen(await refusalsOf(neighbours), choice);
    const unknown = ids.filter((id) => !candidates.some(({ rejectId }) => rejectId === id));
    if (unknown.length > 0) throw new CommandFailure(`there is no such refusal: ${unknown.join(', ')}`);
    if (dryRun) { showCandidates(candidates, json === true); return; }
    const { sent, alike, missing } = await sendAgain(neighbours, candidates);
    if (json) printJson({ sent, alike, missing });
    else print(`${sent} refused declarations sent again${alike === 0 ? '' : `, ${alike} more had the same content`}.${sent === 0 ? '' : ' "tidewaiter rejects list" shows those that are refused anew.'}`);
    if (missing.length === 0) return;
    say(`${missing.length} raw records are gone from the log: ${missing.join(', ')}`);
    process.exitCode = exitCodes.failed;
  });
}

function showCandidates(candidates: readonly RedriveCandidate[], json: boolean): void {
  if (json) { printJson({ wouldSend: candidates.map(({ rejectId, code, declarationId }) => ({ rejectId, code, declarationId })) }); return; }
  print(candidates.length === 0 ? 'No refusal is meant.' : table(['arrived', 'id', 'code', 'declaration'], candidates.map(({ origin, rejectId, code, declarationId }) => [new Date(origin.timestamp).toISOString(), rejectId, code, declarationId ?? ''])));
}

async function sendAgain(neighbours: Neighbours, candidates: readonly RedriveCandidate[]): Promise<Redriven> {
  const log = await neighbours.log((trouble) => { if (trouble !== undefined) say(trouble); });
  const inspector = await neighbours.inspector(log);
  const partitions = (await neighbours.kafkaCall(inspector.offsets(rawTopic))).length;
  const sink = await log.sink();
  neighbours.onClose(() => sink.close());
  const progress = new CountProgress(candidates.length, 'declarations');
  try {
    return await redrive(candidates, { inspector, sink, partitionOf: (key) => log.partitionOf(key, partitions) }, (sent) => progress.update(sent));
  } finally {
    progress.stop();
  }
}

async function refusalsOf(neighbours: Neighbours): Promise<RejectHead[]> {
  const values = await readValues(neighbours, rejectedTopic);
  return values.length === 0 ? [] : decodeAll<RejectHead>(neighbours, rejectedTopic, values, unreadByList);
}

async function list(options: { since?: number; limit?: number; json?: true }): Promise<void> {
  const rejects = await withNeighbours(readConfig(), async (neighbours) => rejectList(await refusalsOf(neighbours), options.since, options.limit));
  if (options.json) rejects.forEach(printJson);
  else print(rejects.length === 0 ? 'Nothing was refused.' : shownTable(rejects));
}

const shownTable = (rejects: readonly ShownReject[]): string =>
  table(['at', 'id', 'code', 'declaration', 'message'], rejects.map(({ at, rejectId, code, declarationId, message }) => [at, rejectId, code, declarationId ?? '', message]));

async function show(id: string, options: { json?: true; hex?: true }): Promise<void> {
  const { reject, record } = await withNeighbours(readConfig(), async (neighbours) => {
    const values = await readValues(neighbours, rejectedTopic, ({ key }) => key?.toString('utf8') === id);
    const [found] = values.length === 0 ? [] : await decodeAll<RejectedDeclaration>(neighbours, rejectedTopic, values.slice(0, 1));
    if (!found) throw new CommandFailure(`there is no refusal "${id}": "tidewaiter rejects list" shows their ids`);
    return { reject: found, record: await refusedRecord(neighbours, found, options.hex === true) };
  });
  const meanings = reject.codes.map((code) => ({ code, ...(isResultCode(code) ? { en: resultCodes[code].en, fr: resultCodes[code].fr, rule: resultCodes[code].rule } : {}) }));
  if (options.json) { printJson({ ...shownReject(reject), meanings, record }); return; }
  const { rejectId, stage, topic, partition, offset, declarationId, at, message } = shownReject(reject);
  print(`${rejectId}  refused by ${stage}\nraw record    ${topic} partition ${partition} offset ${offset}, arrived ${at}\ndeclaration   ${declarationId ?? 'not readable'}\nmessage       ${message}`);
  for (const { code, en, fr, rule } of meanings) print(`${code}${rule === undefined ? '' : `  (${rule})\n  en  ${en}\n  fr  ${fr}`}`);
  /** Names alone: what a gateway puts into a header might be a person's id. */
  print(`headers       ${reject.recordHeaders.map(({ key }) => key).join(', ') || 'none'}`);
  print(`record        ${JSON.stringify(record, null, 2)}`);
}

async function refusedRecord(neighbours: Neighbours, refusal: RejectedDeclaration, hex: boolean): Promise<unknown> {
  const registry = await neighbours.registry();
  const record = await neighbours.registryCall(refusedContent(refusal, registry));
  if (record === null || !('undecodable' in record)) return record;
  if (hex) return { bytes: record.bytes, hex: refusal.recordValue?.toString('hex') };
  return { bytes: record.bytes, ...(record.beginsWith === undefined ? {} : { beginsWith: record.beginsWith }), note: 'not decodable; --hex shows all bytes, which may hold ids of persons' };
}
