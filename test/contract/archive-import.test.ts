/** An import: what `feed` and `archive run` would have made of the same files, or nothing at all. */
import { DuckDBInstance } from '@duckdb/node-api';
import { Type } from 'avsc';
import { existsSync, readFileSync } from 'node:fs';
import { rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { Partitioners } from 'kafkajs';
import { archivedSchemas } from '../../services/archive/archived-schemas';
import { unfinishedImport } from '../../services/archive/import-archive';
import { importOf, type ImportRecord } from '../../services/archive/import-record';
import { archivedRanges, readArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { assignedSchemaId } from '../../services/archive/schema-keeper';
import { verifyArchive } from '../../services/archive/verify-archive';
import { importCommand } from '../../services/cli/archive/import';
import { archiveCommand } from '../../services/cli/commands/archive';
import type { RawDeclaration } from '../../services/domain/declaration';
import type { DeclarationFile } from '../../services/feed/file-log';
import { readNdjson, readNdjsonLine } from '../../services/feed/ndjson';
import { sendFile } from '../../services/feed/send-file';
import { rawEncoder } from '../../services/feed/raw-record';
import { limits } from '../../services/limits';
import { avroType, Decoder } from '../../services/shell/avro/codec';
import { topicSchema, topicSchemaText } from '../../services/shell/avro/schema-files';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import type { SourceRecord } from '../../services/shell/ports';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, subjectOf } from '../../services/topology';
import { collected, Killed, MortalFiles } from '../support/archive-world';
import { generatedFile } from '../support/generated-file';
import { IMPORTED_AT, importedSchema, ImportWorld } from '../support/import-world';
import { sharedData } from '../support/running-system';

jest.setTimeout(120_000);

let world: ImportWorld;
beforeEach(() => { world = new ImportWorld(); });
afterEach(() => { jest.restoreAllMocks(); world.close(); });

const generated = (count = 400, seed = 'import'): readonly string[] => generatedFile(world.folder, 'CD', count, seed, IMPORTED_AT - 3_600_000).lines;
const fileOf = (name: string, lines: readonly string[]): DeclarationFile => world.declarationFile(name, () => `${lines.join('\n')}\n`);
const stored = async (name?: string): Promise<SourceRecord[][]> => {
  const parts: SourceRecord[][] = [];
  for (const { partition } of await archivedRanges(world.files(name), rawTopic)) parts.push(await collected(readArchive(world.files(name), { topic: rawTopic, partition, offset: 0 })));
  return parts;
};
const faults = async (name?: string): Promise<string[]> => (await verifyArchive([rawTopic], { files: world.files(name), inspector: undefined, onProgress: () => undefined })).flatMap((check) => check.faults.map(({ file, offset, fault }) => `${file} ${offset} ${fault}`));
const recordOf = async (name?: string): Promise<ImportRecord> => {
  const record = await importOf(world.files(name), rawTopic);
  if (typeof record !== 'object') throw new Error(`no record of an import: ${record}`);
  return record;
};
interface EventText { readonly eventId: string; readonly declarationId: string; readonly version: number; readonly status: string; readonly occurredAt: string; readonly items: readonly unknown[] }
const idOf = (line: string): string => (JSON.parse(line) as EventText).declarationId;

const choose = Partitioners.DefaultPartitioner();
/** The partition that Kafka's own client chooses. */
const clientsPartition = (key: string, partitions: number): number => choose({ topic: rawTopic, partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] })), message: { key, value: null } });

/** A topic that a file was fed to. */
async function fed(lines: readonly string[], partitions: number): Promise<{ readonly log: MemoryLog; readonly registry: MemoryRegistry; readonly schemaId: number }> {
  const log = new MemoryLog(new MemoryBroker({ partitions, now: () => IMPORTED_AT, recordsPerFetch: 50 }));
  const registry = new MemoryRegistry();
  await registry.register('another-value', '"string"');
  await registry.register(subjectOf(rawTopic), topicSchemaText(rawTopic));
  const schemaId = await ownSchemaId(registry, rawTopic);
  const sink = await log.sink();
  await sendFile(readNdjson(Readable.from([lines.join('\n')])), { sink, encode: rawEncoder(schemaId), partitionOf: (id) => log.partitionOf(id, partitions), now: () => 0, delay: async () => undefined }, { stopped: () => false, onFaults: () => undefined, onProgress: () => undefined });
  await sink.close();
  return { log, registry, schemaId };
}

describe('what is imported', () => {
  test('is what "feed" and "archive run" make of the same file, byte by byte', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerGroup', 30 as never);
    jest.replaceProperty(limits, 'archiveRowsPerFile', 70 as never);
    const lines = [...generated(), '{broken'];
    const { log, registry, schemaId } = await fed(lines, 3);
    await archiveTopic(rawTopic, false, { files: world.files('fed'), inspector: await log.inspector(), registry, onProgress: () => undefined });
    await world.import([fileOf('a.ndjson', lines)], { schema: { id: schemaId, schema: (await registry.byId(schemaId)) ?? '' } });
    const [imported, archived] = [await stored(), await stored('fed')];
    expect(imported.map(({ length }) => length)).toEqual(archived.map(({ length }) => length));
    expect(imported.flat().length).toBe(lines.length - 1);
    for (const [index, record] of imported.flat().entries()) expect(record).toEqual(archived.flat()[index]);
    const { [`${rawTopic}/import.json`]: note, ...others } = await world.digests();
    expect(note).toBeDefined();
    expect(Object.keys(others).filter((path) => path.endsWith('.parquet')).length).toBeGreaterThan(5);
    expect(others).toEqual(await world.digests('fed'));
    expect(await faults()).toEqual([]);
  });

  test('has keys, places, times and contents that other programs read: hyparquet, avsc, Kafka’s own client', async () => {
    const lines = generated();
    await world.import([fileOf('a.ndjson', lines)], { partitions: 4 });
    const raw = Type.forSchema(JSON.parse(readFileSync(join(__dirname, '../../schemas/customs.declarations.raw.v1.avsc'), 'utf8')) as never);
    const expected = [0, 1, 2, 3].map((partition) => lines.map((line) => JSON.parse(line) as EventText).filter(({ declarationId }) => clientsPartition(declarationId, 4) === partition));
    expect(expected.every((part) => part.length > 50)).toBe(true);
    const paths = [...(await world.contents()).entries()].filter(([path]) => path.endsWith('.parquet'));
    expect(paths.map(([path]) => path.split('/').slice(0, 3).join('/'))).toEqual([0, 1, 2, 3].map((partition) => `${rawTopic}/${partition}/2026-11-25`));
    for (const [path, bytes] of paths) {
      const partition = Number(path.split('/')[1]);
      const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer, utf8: false, compressors: { GZIP: (input) => gunzipSync(input) } });
      expect(rows.map(({ offset, timestamp, headers }) => [Number(offset), (timestamp as Date).getTime(), headers])).toEqual((expected[partition] ?? []).map((_, offset) => [offset, IMPORTED_AT, []]));
      expect(rows.map(({ key }) => Buffer.from(key as Uint8Array).toString())).toEqual(expected[partition]?.map(({ declarationId }) => declarationId));
      for (const [index, { value }] of rows.entries()) {
        const framed = Buffer.from(value as Uint8Array);
        expect([framed.readUInt8(0), framed.readUInt32BE(1)]).toEqual([0, importedSchema.id]);
        const decoded = raw.fromBuffer(framed.subarray(5)) as Record<string, unknown[]>;
        const { eventId, version, status, occurredAt, items } = expected[partition]?.[index] as EventText;
        expect([decoded['eventId'], decoded['version'], decoded['status'], decoded['occurredAt'], decoded['items']?.length]).toEqual([eventId, version, status, Date.parse(occurredAt), items.length]);
      }
    }
  });

  test('of the Korean data set is each of its rows, in the partition that Kafka’s own client chooses', async () => {
    const header = 'Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud';
    const row = (id: number, mass = '108.0'): string => `${id},2020-01-01,30,B,11,21,11,10,ZZR1LT6,QLRUBN9,"0VK,Y2BR",,440890,BE,BE,0.0,FEU1,G,${mass},372254.4,0,0`;
    const rows = Array.from({ length: 60 }, (_, index) => row(97061800 + index));
    await world.import([world.declarationFile('kcs.csv', () => ['\uFEFF' + header, ...rows.slice(0, 30), '', row(7, 'heavy'), ...rows.slice(30)].join('\r\n'))], { format: 'kcs-csv' });
    expect(world.faults).toEqual(['kcs.csv 33 Net Mass']);
    const [decoder, parts] = [new Decoder<RawDeclaration>(avroType(topicSchema(rawTopic)), await archivedSchemas(world.files())), await stored()];
    for (const [partition, records] of parts.entries()) {
      expect(records.map(({ key }) => key?.toString())).toEqual(Array.from({ length: 60 }, (_, index) => `KCS-${97061800 + index}`).filter((id) => clientsPartition(id, 3) === partition));
      await decoder.prepare(records.map(({ value }) => value), 0);
      for (const { key, value } of records) expect(decoder.decode(value)).toMatchObject({ value: { declarationId: key?.toString(), eventId: `${key?.toString()}/1`, acceptedAt: 1577804400000, counterpartyId: '0VK,Y2BR', items: [{ netMassKg: 108000000n }] } });
    }
  });

  (existsSync(sharedData('kcs-train.csv')) ? test : test.skip)('of the whole Korean data set is what DuckDB reads of it', async () => {
    const file = sharedData('kcs-train.csv');
    await world.import([world.declarationFile('kcs-train.csv', () => readFileSync(file, 'utf8'))], { format: 'kcs-csv', partitions: 4 });
    const sql = await (await DuckDBInstance.create(':memory:')).connect();
    const [counts] = (await sql.runAndReadAll(`with archived as (select decode(key) as id from read_parquet('${world.root()}/${rawTopic}/*/*/*.parquet')), declared as (select 'KCS-' || "Declaration ID" as id from read_csv('${file}', header = true, all_varchar = true))
      select (select count(*) from archived), (select count(*) from declared), (select count(*) from (select id from archived except all select id from declared)), (select count(*) from (select id from declared except all select id from archived))`)).getRowsJson();
    sql.closeSync();
    expect(Number(counts?.[0])).toBeGreaterThan(37_000);
    expect(counts?.slice(1)).toEqual([counts?.[0], '0', '0']);
    expect(world.faults).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  test('names lines that are no event, of each file, and says in the archive how many there were', async () => {
    const lines = generated(40);
    await world.import([fileOf('a.ndjson', [...lines.slice(0, 3), '{broken', '', ...lines.slice(3, 20), '{"eventId":7}']), fileOf('b.ndjson', ['[]', ...lines.slice(20)])]);
    expect(world.faults).toEqual(['a.ndjson 4 (line)', 'a.ndjson 23 eventId', 'b.ndjson 1 (line)']);
    const record = await recordOf();
    expect(record).toMatchObject({ at: '2026-11-25T12:00:00.000Z', format: 'ndjson', schemaId: importedSchema.id });
    expect(record.files.map(({ name, declarations, unreadable }) => [name, declarations, unreadable])).toEqual([['a.ndjson', 20, 2], ['b.ndjson', lines.length - 20, 1]]);
    expect((await stored()).flat().map(({ key }) => key?.toString()).sort()).toEqual(lines.map(idOf).sort());
    const parts = await stored();
    for (const [partition, records] of parts.entries()) expect(records.map(({ key }) => key?.toString())).toEqual(lines.map(idOf).filter((id) => clientsPartition(id, 3) === partition));
    expect(record.partitions).toEqual(parts.map(({ length }) => length));
  });

  test('is the same bytes for the same files, time and partitions, however they are read', async () => {
    const lines = generated();
    await world.import([fileOf('a.ndjson', lines)], { files: world.files('one') });
    jest.replaceProperty(limits, 'recordsPerFeedSend', 7 as never);
    jest.replaceProperty(limits, 'importPartitionsAtOnce', 2 as never);
    world.opened.length = 0;
    await world.import([fileOf('a.ndjson', lines)], { files: world.files('two') });
    /** Once to count, once for each two partitions. */
    expect(world.opened.length).toBe(3);
    expect(await world.digests('two')).toEqual(await world.digests('one'));
    await world.import([fileOf('a.ndjson', lines)], { files: world.files('later'), at: IMPORTED_AT + 1 });
    const [one, later] = [await world.digests('one'), await world.digests('later')];
    expect(Object.keys(later)).toEqual(Object.keys(one));
    expect(later).not.toEqual(one);
  });

  test('can be decoded without any registry: its schema has an id that no registry gives', async () => {
    const lines = generated(60);
    await world.import([fileOf('a.ndjson', lines)]);
    expect(importedSchema.id).toBeGreaterThanOrEqual(2 ** 31);
    expect(importedSchema.id).toBeLessThan(2 ** 32);
    expect(assignedSchemaId(`${importedSchema.schema} `)).not.toBe(importedSchema.id);
    const schemas = await archivedSchemas(world.files());
    expect(await schemas.latest(subjectOf(rawTopic))).toEqual(importedSchema);
    expect(await ownSchemaId(schemas, rawTopic)).toBe(importedSchema.id);
    const decoder = new Decoder<RawDeclaration>(avroType(topicSchema(rawTopic)), schemas);
    const values = (await stored()).flat().map(({ value }) => value);
    await decoder.prepare(values, 0);
    const decoded = values.map((value) => decoder.decode(value)).map((answer) => ('value' in answer ? answer.value.eventId : answer.failure));
    expect(decoded.sort()).toEqual(lines.map((line, index) => readNdjsonLine(line, index)?.declaration?.eventId).sort());
  });
});

describe('an import that is killed', () => {
  test('at any step, in the middle of any write, leaves nothing that counts, and the next one makes the same archive', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerGroup', 6 as never);
    jest.replaceProperty(limits, 'archiveRowsPerFile', 15 as never);
    const source = [fileOf('a.ndjson', generated(60))];
    const unharmed = new MortalFiles(world.files('unharmed'), Infinity);
    await world.import(source, { files: unharmed });
    const { steps } = unharmed;
    expect(steps.length).toBeGreaterThan(60);
    const whole = await world.digests('unharmed');
    const committed = steps.findIndex((step) => step === `rename import.unfinished/${rawTopic} ${rawTopic}`);
    expect(committed).toBeGreaterThan(50);
    for (let diesAt = 0; diesAt < steps.length; diesAt++) {
      const step = steps[diesAt];
      await rm(world.root(), { recursive: true, force: true });
      await expect(world.import(source, { files: new MortalFiles(world.files(), diesAt) })).rejects.toThrow(Killed);
      const ranges = await archivedRanges(world.files());
      expect([step, await faults()]).toEqual([step, []]);
      if (diesAt <= committed) {
        expect([step, ranges]).toEqual([step, []]);
        expect([step, await unfinishedImport(world.files())]).toEqual([step, Object.keys(await world.digests()).some((path) => path.startsWith('import.unfinished/'))]);
        await world.import(source);
      } else await expect(world.import(source)).rejects.toThrow('imported from a.ndjson as of 2026-11-25T12:00:00.000Z: nothing is imported behind it');
      expect([step, await unfinishedImport(world.files())]).toEqual([step, false]);
      expect([step, await world.digests()]).toEqual([step, whole]);
    }
  });

  test('by a power cut: the topic has its name when all of it is on the disk, its schema among it', async () => {
    const files = new MortalFiles(world.files(), Infinity);
    await world.import([fileOf('a.ndjson', generated(60))], { files });
    const { steps } = files;
    const committed = steps.indexOf(`rename import.unfinished/${rawTopic} ${rawTopic}`);
    const renamed = steps.map((step, index) => ({ index, parts: step.split(' ') })).filter(({ index, parts }) => parts[0] === 'rename' && index < committed);
    expect(renamed.length).toBeGreaterThan(6);
    for (const { index, parts: [, from = '', to = ''] } of renamed) {
      expect([from, steps.lastIndexOf(`sync ${from}`, index) > steps.lastIndexOf(`write ${from}`, index)]).toEqual([from, true]);
      expect([to, steps[index + 1]]).toEqual([to, `syncFolder ${dirname(to)}`]);
    }
    expect(renamed.map(({ parts }) => parts[2])).toEqual(expect.arrayContaining([`schemas/${importedSchema.id}.avsc`, `import.unfinished/${rawTopic}/import.json`]));
    expect(steps.slice(committed + 1)).toEqual(['syncFolder .', 'removeFolder import.unfinished']);
  });
});

describe('an import is refused, and leaves no trace,', () => {
  const lines = (): readonly string[] => generated(60);

  test('where the archive has something of the topic, whoever put it there', async () => {
    const { log, registry } = await fed(lines(), 3);
    await archiveTopic(rawTopic, false, { files: world.files(), inspector: await log.inspector(), registry, onProgress: () => undefined });
    const before = await world.digests();
    await expect(world.import([fileOf('a.ndjson', lines())])).rejects.toThrow(`the archive has ${rawTopic}: nothing is imported behind it`);
    expect(world.opened).toEqual([]);
    expect(await world.digests()).toEqual(before);
    await world.import([fileOf('b.ndjson', lines())], { files: world.files('other') });
    await expect(world.import([fileOf('a.ndjson', lines())], { files: world.files('other') })).rejects.toThrow('imported from b.ndjson');
  });

  test.each([
    ['has grown', (text: string) => `${text}${text}`],
    ['has other bytes of the same length', (text: string) => text.replace('"version":1', '"version":2')],
    ['has lost its end', (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)],
    ['has another order', (text: string) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`],
  ])('where a file %s since it was counted', async (_what, change) => {
    let text = `${lines().join('\n')}\n`;
    const counted = (): void => { const other = change(text); expect(other).not.toBe(text); text = other; };
    await expect(world.import([world.declarationFile('a.ndjson', () => text)], { counted })).rejects.toThrow('a.ndjson: the file has changed since it was counted');
    expect(await archivedRanges(world.files())).toEqual([]);
    expect(await importOf(world.files(), rawTopic)).toBeUndefined();
  });

  test('where a file cannot be read to its end, whatever its form', async () => {
    const text = `${lines().join('\n')}\n`;
    for (const format of ['ndjson', 'kcs-csv'] as const) {
      const broken: DeclarationFile = { name: 'a', open: () => Readable.from((async function* () { yield Buffer.from(format === 'ndjson' ? text : '"'); throw Object.assign(new Error('input/output error'), { code: 'EIO' }); })()) };
      await expect(world.import([broken], { format })).rejects.toThrow('input/output error');
    }
    expect(await world.digests()).toEqual({});
  });

  test('where a file is of another form, or holds no declaration', async () => {
    await expect(world.import([fileOf('a.csv', lines())], { format: 'kcs-csv' })).rejects.toThrow(/^a\.csv: Invalid Opening Quote/);
    await expect(world.import([fileOf('b.csv', ['a,b', '1,2'])], { format: 'kcs-csv' })).rejects.toThrow(/^b\.csv: the file has no column "Declaration ID"/);
    await expect(world.import([world.declarationFile('empty', () => '\n\n'), world.declarationFile('broken', () => '{')])).rejects.toThrow('there is no declaration to import');
    expect(world.faults).toEqual(['broken 1 (line)']);
    expect(await world.digests()).toEqual({});
  });

  test('where the archive knows another schema by the same id', async () => {
    await world.import([fileOf('a.ndjson', lines())], { schema: { id: 7, schema: importedSchema.schema } });
    await rm(join(world.root(), rawTopic), { recursive: true });
    await expect(world.import([fileOf('a.ndjson', lines())], { schema: { id: 7, schema: `${importedSchema.schema} ` } })).rejects.toThrow('another schema for id 7');
    expect(Object.keys(await world.digests())).toEqual(['schemas/7.avsc']);
  });
});

describe('what was imported', () => {
  test('is gone on with by no log, and compared with none; other topics are', async () => {
    const lines = generated(60);
    await world.import([fileOf('a.ndjson', lines)]);
    const before = await world.digests();
    const { log, registry } = await fed(generated(90, 'another'), 3);
    const inspector = await log.inspector();
    await expect(archiveTopic(rawTopic, true, { files: world.files(), inspector, registry, onProgress: () => undefined })).rejects.toThrow('was imported into this archive from files');
    expect(await world.digests()).toEqual(before);
    let total = 0;
    const checks = await verifyArchive([rawTopic], { files: world.files(), inspector, onProgress: (_done, all) => { total = all; } });
    expect(checks.map(({ faults: found, compared, behind, records }) => ({ found, compared, behind, records }))).toEqual((await recordOf()).partitions.map((records) => ({ found: [], compared: null, behind: null, records })));
    expect(total).toBe(lines.length);
  });

  test('is missed where it is missing: the last file, a partition, and any byte of what the import has noted', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerFile', 10 as never);
    await world.import([fileOf('a.ndjson', generated(60))]);
    const whole = await world.contents();
    const last = [...whole.keys()].filter((path) => path.startsWith(`${rawTopic}/1/`) && path.endsWith('.json')).at(-1) ?? '';
    const from = Number(last.split('/').at(-1)?.slice(0, 16));
    for (const path of [last, last.replace('.json', '.parquet')]) await unlink(join(world.root(), path));
    const { partitions } = await recordOf();
    expect(await faults()).toEqual([`${rawTopic}/1 ${from} ${partitions[1]} records were imported into it, and its files have offsets 0 to ${from - 1}`]);
    await rm(join(world.root(), rawTopic, '1'), { recursive: true });
    expect(await faults()).toEqual([expect.stringContaining(`${rawTopic}/1 0 ${partitions[1]} records were imported into it`)]);
    for (const [path, bytes] of whole) if (path.startsWith(`${rawTopic}/1/`)) { await writeFile(await placed(path), bytes); }
    expect(await faults()).toEqual([]);
    const note = `${rawTopic}/import.json`;
    const sound = whole.get(note) as Buffer;
    let damaged = 0;
    for (let at = 0; at < sound.length; at++) {
      if (/\s/.test(String.fromCharCode(sound[at] as number))) continue;
      const bytes = Buffer.from(sound);
      bytes[at] = (bytes[at] as number) ^ 1;
      await writeFile(join(world.root(), note), bytes);
      expect([at, await importOf(world.files(), rawTopic)]).toEqual([at, expect.stringContaining('the record of the import')]);
      damaged++;
    }
    expect(damaged).toBeGreaterThan(200);
    expect((await faults())[0]).toContain(`${note} 0 the record of the import`);
  });
});

describe('the command', () => {
  const told: string[] = [];
  const printed: string[] = [];
  beforeEach(() => {
    told.length = printed.length = 0;
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => { told.push(String(text)); return true; });
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => { printed.push(String(text)); return true; });
  });
  const command = (...words: string[]): Promise<unknown> => importCommand().exitOverride().parseAsync(words, { from: 'user' });
  const options = (name = 'archive'): string[] => ['--format', 'ndjson', '--to', world.root(name), '--partitions', '3', '--at', '2026-11-25T12:00Z'];

  test('needs no neighbour with --offline, makes the same archive as everybody else, and says what it did', async () => {
    const lines = generated(60);
    const path = world.write('a.ndjson', `${lines.join('\n')}\n`);
    await command(path, ...options(), '--offline', '--json');
    expect(JSON.parse(printed.join(''))).toMatchObject({ archive: world.root(), topic: rawTopic, at: '2026-11-25T12:00:00.000Z', schema: { id: importedSchema.id, from: 'archive' }, files: [{ name: path, declarations: lines.length, faulty: 0 }], partitions: [{ partition: 0, from: 0 }, { partition: 1 }, { partition: 2 }] });
    await world.import([fileOf('a.ndjson', lines)], { files: world.files('other') });
    expect(await world.digests()).toEqual(await world.digests('other'));
  });

  test('ends with 1 where lines are no event, and names them as "feed" does; the others are imported', async () => {
    const lines = generated(60);
    await expect(command(world.write('a.ndjson', `{broken\n${lines.join('\n')}\n`), ...options(), '--offline')).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('1 lines were not imported') });
    expect(told).toEqual(['line 1: (line) is not JSON\n']);
    expect((await stored()).flat().length).toBe(lines.length);
  });

  test('"archive verify" asks no broker about it, and says where it comes from; so does "archive list"', async () => {
    await world.import([fileOf('a.ndjson', generated(60)), fileOf('b.ndjson', ['{'])]);
    jest.replaceProperty(process, 'env', { ...process.env, TIDEWAITER_BROKERS: '127.0.0.1:1' });
    for (const words of [['verify', world.root()], ['list', world.root()]]) {
      printed.length = 0;
      await archiveCommand().exitOverride().parseAsync(words, { from: 'user' });
      expect(printed.join('')).toContain(`${rawTopic}: imported as of 2026-11-25T12:00:00.000Z:\n`);
      expect(printed.join('')).toContain('  b.ndjson: 0 declarations; 1 lines were no event and were left out\n');
    }
    expect(told).toEqual([]);
    await world.files().create('import.unfinished/x').then((file) => file.close());
    await archiveCommand().exitOverride().parseAsync(['list', world.root()], { from: 'user' });
    expect(told.join('')).toContain('An import into this archive goes on, or was killed');
  });

  test('ends with 2 where there is no such file, with 1 where no registry answers, and says what to do', async () => {
    await expect(command(join(world.folder, 'none'), ...options(), '--offline')).rejects.toMatchObject({ exitCode: 2 });
    await expect(command(world.folder, ...options(), '--offline')).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('no file that can be read twice') });
    await expect(command(world.write('a', ''), '--format', 'csv')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    jest.replaceProperty(process, 'env', { ...process.env, TIDEWAITER_REGISTRY_URL: 'http://127.0.0.1:1' });
    await expect(command(world.write('a.ndjson', generated(1).join('\n')), ...options())).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/TIDEWAITER_REGISTRY_URL.* With --offline it is not asked\./) });
    expect(await world.digests()).toEqual({});
  });
});

/** The place of a file of the archive, its folder made. */
async function placed(path: string): Promise<string> {
  const file = await world.files().create(path);
  await file.close();
  return join(world.root(), path);
}
