/**
 * What archiving, reading, verifying and importing cost, in processor time of this process (one core, broker and registry apart):
 * generated declarations as gateways send them, in one partition; an import of the same ones into four. Run: node dist/test/bench/archive.js [records]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Table from 'cli-table3';
import { importTopic, type ImportSource } from '../../services/archive/import-archive';
import { archivedRanges, openArchive, readArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { verifyArchive } from '../../services/archive/verify-archive';
import { FileLog } from '../../services/feed/file-log';
import { readNdjson, readNdjsonLine } from '../../services/feed/ndjson';
import { generate } from '../../services/generate/generate';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema, topicSchemaText } from '../../services/shell/avro/schema-files';
import { readProfile } from '../../services/shell/definition-files';
import type { SourceRecord } from '../../services/shell/ports';
import { rawTopic } from '../../services/topology';

const RECORDS = Number(process.argv[2] ?? 500_000);
const BATCH = 1_000;
const DIFFERENT = 20_000;
const SCHEMA_ID = 7;
const startMs = Date.UTC(2026, 10, 25);

const encoder = new Encoder(SCHEMA_ID, avroType(topicSchema(rawTopic)));
const tally = { events: 0, declarations: 0, amended: 0, cancelled: 0, repeats: 0, conflicts: 0, faults: 0 };
const lines = [...generate({ profile: readProfile('CD'), seed: 'archive', count: DIFFERENT, days: 60, untilMs: startMs, withFaults: false }, tally)];
const contents = lines.flatMap((line, index) => {
  const declaration = readNdjsonLine(line, index)?.declaration;
  return declaration ? [{ key: Buffer.from(declaration.declarationId), value: encoder.encode(declaration) }] : [];
});
const recordAt = (offset: number): SourceRecord => ({ offset, timestamp: startMs + offset, ...(contents[offset % contents.length] as { key: Buffer; value: Buffer }), headers: [] });

const cpuSeconds = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const shown: (string | number)[][] = [];
async function measured(what: string, work: () => Promise<number>): Promise<void> {
  const [before, sinceMs] = [cpuSeconds(), performance.now()];
  const records = await work();
  const [cpu, seconds] = [cpuSeconds() - before, (performance.now() - sinceMs) / 1_000];
  shown.push([what, records, Math.round(records / cpu), Math.round(records / seconds), Math.round(process.memoryUsage().rss / 2 ** 20)]);
}

/** The same lines again and again, as a file that is read. */
const repeated = function* (): Generator<Buffer> {
  for (let at = 0; at < RECORDS; at += BATCH) yield Buffer.from(Array.from({ length: Math.min(BATCH, RECORDS - at) }, (_, index) => `${lines[(at + index) % lines.length] as string}\n`).join(''));
};

async function imported(root: string): Promise<number> {
  const settings = { files: [{ name: 'lines', open: () => Readable.from(repeated()) }], partitions: 4, timestampMs: startMs, schemaId: SCHEMA_ID, read: readNdjson };
  const source = async (): Promise<ImportSource> => {
    const log = await FileLog.counted(settings, { onFaults: () => undefined, onBytes: () => undefined });
    return { log, origin: { format: 'ndjson', at: new Date(startMs).toISOString(), files: [] } };
  };
  const parts = await importTopic(rawTopic, { files: openArchive(root), schema: { id: SCHEMA_ID, schema: topicSchemaText(rawTopic) }, source, onProgress: () => undefined });
  return parts.reduce((sum, { records }) => sum + records, 0);
}

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-archive-'));
  try {
    const files = openArchive(root);
    const inspector = {
      offsets: async () => [{ partition: 0, start: 0, end: RECORDS }],
      readRanges: async (ranges: readonly { from: number; next: number }[], each: (batch: never) => Promise<void>): Promise<void> => {
        for (const { from, next } of ranges) for (let at = from; at < next; at += BATCH) await each({ topic: rawTopic, partition: 0, from: at, next: Math.min(next, at + BATCH), end: next, records: Array.from({ length: Math.min(BATCH, next - at) }, (_, index) => recordAt(at + index)) } as never);
      },
    };
    const registry = { byId: async () => JSON.stringify(topicSchema(rawTopic)), latest: async () => undefined };
    await measured('archive', async () => { await archiveTopic(rawTopic, false, { files, inspector, registry, onProgress: () => undefined }); return RECORDS; });
    await measured('read', async () => {
      let records = 0;
      for await (const batch of readArchive(files, { topic: rawTopic, partition: 0, offset: 0 })) records += batch.length;
      return records;
    });
    await measured('verify', async () => {
      const [check] = await verifyArchive([rawTopic], { files, inspector: undefined, onProgress: () => undefined });
      if (check?.faultCount !== 0) throw new Error(`the archive differs: ${JSON.stringify(check?.faults)}`);
      return check.records;
    });
    const [range] = await archivedRanges(files, rawTopic);
    await measured('import', () => imported(join(root, 'imported')));
    const table = new Table({ head: ['', 'records', 'records per second of CPU', 'records per second', 'memory MB'], style: { head: [], border: [] } });
    for (const row of shown) table.push(row);
    const content = contents.reduce((sum, { key, value }) => sum + key.length + value.length, 0) / contents.length;
    process.stdout.write(`${table.toString()}\n${Math.round(content)} bytes of key and value a record, ${Math.round((range?.bytes ?? 0) / RECORDS)} in the archive\n`);
  } finally {
    rmSync(root, { recursive: true });
  }
}

void main();
