/** `reference`: definition packs, watchlists, tariff tables, conversions and exchange rates: looked at, checked, loaded. */
import { Argument, Command } from 'commander';
import { canonicalText, documentName, rowCount, type ReferenceDocument } from '../../reference/documents';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import type { Profile } from '../../reference/types';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import type { OutgoingRecord } from '../../shell/ports';
import { outgoingDocument } from '../../shell/reference-records';
import { dayOrMoment, seconds } from '../arguments';
import { CommandFailure, usage } from '../failure';
import { inForceAt } from '../../reference/in-force';
import { highestOf, loadedCatalogue, untilInForce } from '../loaded-reference';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, say, table } from '../output';
import { screenPast } from '../screen';
import { differencesOf } from '../reference-differences';
import { addedFrom } from '../added-document';
import { fileKinds, type FileKind, type FileOptions } from '../reference-files';

const SHOWN_ROWS = 40;
const SHOWN_CHARACTERS = 160;

export function referenceCommand(): Command {
  const reference = new Command('reference').description('definition packs, watchlists, tariff tables, conversions and exchange rates').addHelpText('after', `
Documents have versions and days of validity. Of the versions in force on a declaration's acceptance date the
highest applies; a version never changes. Days are those of the profile's time zone, both included.

Examples:
  tidewaiter reference list
  tidewaiter reference load rates rates-2026-03.csv
  tidewaiter reference diff UN1@2026.1 UN1@2026.2`);
  reference.command('list').description('all documents, built in and loaded').option('--json', 'one JSON object')
    .action((options: { json?: true }) => withCatalogue((catalogue, profile) => list(catalogue, profile, options.json === true)));
  reference.command('show').description('one document with its rows').argument('<document>', 'id@version, or an id for its highest version')
    .option('--json', 'the whole document as JSON')
    .action((name: string, options: { json?: true }) => withCatalogue((catalogue) => show(documentNamed(catalogue, name), options.json === true)));
  reference.command('diff').description('what differs between two documents; exit code 0 also when something does').argument('<before>', 'id@version').argument('<after>', 'id@version')
    .option('--json', 'one JSON object a line')
    .action((before: string, after: string, options: { json?: true }) => withCatalogue((catalogue) => diff(documentNamed(catalogue, before), documentNamed(catalogue, after), options.json === true)));
  fileCommand(reference, 'check', 'checks a file as loading would, and loads nothing').action(check);
  fileCommand(reference, 'load', 'loads a file; returns when every running stage decides with it')
    .option('--timeout <seconds>', 'how long to wait for the stages', seconds, 60)
    .option('--screen-since <moment>', 'lists: then screen past declarations accepted from then on', dayOrMoment)
    .action(load);
  return reference;
}

function fileCommand(reference: Command, name: string, description: string): Command {
  return reference.command(name).description(description)
    .addArgument(new Argument('<kind>', 'what the file holds').choices(fileKinds))
    .argument('<file>', 'packs and lists: JSON; tables: CSV with a line of names')
    .option('--edition <year>', 'tariff: edition of the Harmonized System; default: the year in the file’s name')
    .option('--as <version>', 'tables: the version; default: the next one')
    .option('--source <text>', 'tables: where the data comes from; default: the file’s name')
    .addHelpText('after', `
Columns of tables:
  tariff      hs6
  rates       currency, validFrom, validTo, homePerUnit (units of the home currency for one of the other)
  conversion  hs2017, hs2022, relationship

Examples:
  tidewaiter reference ${name} tariff hs2022.csv
  tidewaiter reference ${name} list watchlist-un1988-table1.json`);
}

type LoadOptions = FileOptions & { readonly as?: string; readonly timeout: number; readonly screenSince?: (timeZone: string) => number };

async function withCatalogue(work: (catalogue: ReferenceCatalogue, profile: Profile, neighbours: Neighbours) => void | Promise<void>): Promise<void> {
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  await withNeighbours(config, async (neighbours) => work(await loadedCatalogue(neighbours, profile), profile, neighbours));
}

function list(catalogue: ReferenceCatalogue, profile: Profile, json: boolean): void {
  const documents = catalogue.documents();
  const today = inForceAt(documents.map(({ document }) => document), profile, Date.now());
  const rows = documents.map(({ document, builtIn, digest }) => ({
    kind: document.kind, id: document.id, version: document.version, validFrom: document.validFrom, validTo: document.validTo, rows: rowCount(document),
    origin: builtIn ? 'built in' : 'loaded', inForce: today.has(documentName(document)), source: document.source, digest,
  }));
  if (json) { printJson({ referenceSet: catalogue.latest.digest, documents: rows }); return; }
  print(table(['kind', 'document', 'from', 'to', 'rows', 'origin', 'today'], rows.map(({ kind, id, version, validFrom, validTo, rows: count, origin, inForce }) => [kind, `${id}@${version}`, validFrom ?? '', validTo ?? '', count, origin, inForce ? 'in force' : '']), [4]));
  print(`\nReference set ${catalogue.latest.digest}: records carry this name.`);
}

function documentNamed(catalogue: ReferenceCatalogue, name: string): ReferenceDocument {
  const documents = catalogue.documents().map(({ document }) => document);
  const highest = catalogue.documentNamed(name) ?? highestOf(documents, name);
  if (!highest) throw usage(`there is no document "${name}"; there are ${documents.map(documentName).join(', ')}`);
  return highest;
}

const shortened = (text: string): string => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

function show(document: ReferenceDocument, json: boolean): void {
  if (json) { printJson(document); return; }
  print(`${document.kind} ${documentName(document)}\nfrom ${document.validFrom ?? 'ever'} to ${document.validTo ?? 'ever'}\nsource ${document.source}`);
  const sections = Object.entries(document).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  for (const [section, rows] of sections) {
    print(`\n${section} (${rows.length})`);
    for (const row of rows.slice(0, SHOWN_ROWS)) print(`  ${shortened(typeof row === 'string' ? row : JSON.stringify(row))}`);
    if (rows.length > SHOWN_ROWS) print(`  … and ${rows.length - SHOWN_ROWS} more: --json shows all`);
  }
}

function diff(before: ReferenceDocument, after: ReferenceDocument, json: boolean): void {
  if (before.kind !== after.kind) throw usage(`${documentName(before)} is a ${before.kind}, ${documentName(after)} a ${after.kind}`);
  const differences = differencesOf(before, after);
  if (json) { differences.forEach(printJson); return; }
  if (differences.length === 0) { print('No row differs.'); return; }
  for (const { row, change, before: old, after: young } of differences) {
    print(`${change.padEnd(7)}  ${row}`);
    if (old !== null) print(`  - ${shortened(old)}`);
    if (young !== null) print(`  + ${shortened(young)}`);
  }
}

/**
 * Two loads at once may have taken the same version: the first in the log stands, for those who run. Compaction keeps
 * the last for those who start, so the first is sent once more, behind the other.
 */
async function mustBeFirst(catalogue: ReferenceCatalogue, document: ReferenceDocument, send: (record: OutgoingRecord) => Promise<void>, neighbours: Neighbours): Promise<void> {
  const first = catalogue.documentNamed(documentName(document));
  if (!first || canonicalText(first) === canonicalText(document)) return;
  await send(await outgoingDocument(first, await neighbours.registry()));
  throw new CommandFailure(`${documentName(document)} was loaded by somebody else at the same moment, with other content, and that stands. Load yours with another version.`);
}

const summary = (document: ReferenceDocument): string => `${document.kind} ${documentName(document)}, ${rowCount(document)} rows`;

async function check(kind: FileKind, file: string, options: LoadOptions): Promise<void> {
  await withCatalogue((catalogue) => {
    const { document, known } = addedFrom(catalogue, kind, file, options);
    print(`${summary(document)}: ${known ? 'is there already' : 'is in order'}`);
  });
}

async function load(kind: FileKind, file: string, options: LoadOptions): Promise<void> {
  if (options.screenSince !== undefined && kind !== 'list') throw usage('--screen-since goes with a list');
  await withCatalogue(async (catalogue, profile, neighbours) => {
    const { document, known } = addedFrom(catalogue, kind, file, options);
    if (!known) {
      const record = await neighbours.registryCall(outgoingDocument(document, await neighbours.registry()));
      const sink = await (await neighbours.log()).sink();
      neighbours.onClose(() => sink.close());
      await neighbours.kafkaCall(sink.send([record]));
      await mustBeFirst(await loadedCatalogue(neighbours, profile), document, async (winner) => void (await sink.send([winner])), neighbours);
    }
    say(`${summary(document)}: ${known ? 'was there already' : 'loaded'}`);
    const waiting = await untilInForce(neighbours, catalogue.latest.digest, options.timeout);
    if (waiting.length > 0) throw new CommandFailure(`${waiting.join(' and ')} did not take it in within ${options.timeout} s; it applies as soon as they do. Look at "tidewaiter status" and the log.`);
    print(`in force: reference set ${catalogue.latest.digest}`);
    if (options.screenSince !== undefined) await screenPast(neighbours, catalogue.latest, options.screenSince(profile.timeZone), new Set([document.id]));
  });
}
