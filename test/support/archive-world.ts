/** A log in memory, an archive in a folder of its own, and files that stop working at a given step. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DiskFiles, type ArchiveFiles, type NewFile } from '../../services/archive/archive-files';
import { archivedRanges, readArchive } from '../../services/archive/read-archive';
import { archiveTopic, type ArchivedPartition } from '../../services/archive/run-archive';
import { verifyArchive, type PartitionCheck } from '../../services/archive/verify-archive';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import type { OutgoingRecord, RecordHeader, SourceRecord } from '../../services/shell/ports';
import { rawTopic, subjectOf, topics, type TopicName } from '../../services/topology';

export const ARCHIVE_PARTITIONS = 3;
const SCHEMA = JSON.stringify({ type: 'record', name: 'Small', fields: [{ name: 'text', type: 'string' }] });

/** A framed Avro record of one short text. */
export const framed = (id: number, text: string): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(id, 1);
  head.writeUInt8(Buffer.byteLength(text) * 2, 5);
  return Buffer.concat([head, Buffer.from(text)]);
};

/** Waits for no disk: a test that kills a process needs none, and hundreds of runs would wait for minutes. */
export class HastyFiles extends DiskFiles {
  override async create(path: string): Promise<NewFile> { return { ...(await super.create(path)), sync: async () => undefined }; }
  override async syncFolder(): Promise<void> { /* in the page cache it is safe from kills */ }
}

export class ArchiveWorld {
  nowMs = Date.UTC(2026, 10, 25, 12);
  readonly broker = new MemoryBroker({ partitions: ARCHIVE_PARTITIONS, now: () => this.nowMs, recordsPerFetch: 7 });
  readonly log = new MemoryLog(this.broker);
  registry = new MemoryRegistry();
  schemaId = 0;

  private constructor(readonly root: string, public files: ArchiveFiles) {}

  static async create(): Promise<ArchiveWorld> {
    const root = join(await mkdtemp(join(tmpdir(), 'tidewaiter-archive-')), 'archive');
    const world = new ArchiveWorld(root, new HastyFiles(root));
    world.schemaId = await world.registry.register(subjectOf(rawTopic), SCHEMA);
    return world;
  }

  async close(): Promise<void> { await rm(dirname(this.root), { recursive: true }); }

  async send(count: number, partition = 0, topic: TopicName = rawTopic, headers: readonly RecordHeader[] = []): Promise<void> {
    const end = this.broker.partition({ topic, partition }).end;
    await this.sendRecords(Array.from({ length: count }, (_, index): OutgoingRecord => ({ topic, partition, key: `D-${end + index}`, value: framed(this.schemaId, `declaration ${end + index}`), headers })));
  }

  async sendRecords(records: readonly OutgoingRecord[]): Promise<void> {
    const sink = await this.log.sink();
    await sink.send(records);
    await sink.close();
  }

  async run(topic: TopicName = rawTopic, leaveOut = false, files = this.files): Promise<readonly ArchivedPartition[]> {
    return archiveTopic(topic, leaveOut, { files, inspector: await this.log.inspector(), registry: this.registry, onProgress: () => undefined });
  }

  async verify(withLog = true): Promise<readonly PartitionCheck[]> {
    return verifyArchive(topics.map(({ name }) => name), { files: this.files, inspector: withLog ? await this.log.inspector() : undefined, onProgress: () => undefined });
  }

  async faults(withLog = true): Promise<string[]> { return (await this.verify(withLog)).flatMap(({ faults }) => faults.map(({ file, offset, fault }) => `${file} ${offset} ${fault}`)); }

  async archived(partition = 0, topic: TopicName = rawTopic, offset?: number): Promise<SourceRecord[]> {
    const from = offset ?? (await archivedRanges(this.files, topic)).find((range) => range.partition === partition)?.from ?? 0;
    return collected(readArchive(this.files, { topic, partition, offset: from }));
  }

  inLog(partition = 0, topic: TopicName = rawTopic): readonly SourceRecord[] {
    const log = this.broker.partition({ topic, partition });
    return log.fetch(log.start, Infinity)?.records ?? [];
  }

  /** Paths of all files, by name. */
  async paths(): Promise<string[]> { return (await readdir(this.root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1)).sort(); }
  bytesOf(path: string): Promise<Buffer> { return readFile(join(this.root, path)); }
}

export async function collected(batches: AsyncIterable<readonly SourceRecord[]>): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for await (const batch of batches) records.push(...batch);
  return records;
}

export class Killed extends Error {}

/** Works up to a step that changes something, does half of it where it is a write, and nothing from then on: a process that was killed. */
export class MortalFiles implements ArchiveFiles {
  readonly steps: string[] = [];

  constructor(private readonly inner: ArchiveFiles, private readonly diesAt: number) {}

  private alive(): void { if (this.steps.length > this.diesAt) throw new Killed(); }

  private async step<Answer>(name: string, whole: () => Promise<Answer>, half?: () => Promise<void>): Promise<Answer> {
    this.alive();
    this.steps.push(name);
    if (this.steps.length > this.diesAt) {
      await half?.();
      throw new Killed();
    }
    return whole();
  }

  async names(folder: string): Promise<readonly string[]> { this.alive(); return this.inner.names(folder); }
  async readText(path: string): Promise<string> { this.alive(); return this.inner.readText(path); }
  open(path: string): ReturnType<ArchiveFiles['open']> { this.alive(); return this.inner.open(path); }
  rename(from: string, to: string): Promise<void> { return this.step(`rename ${from} ${to}`, () => this.inner.rename(from, to)); }
  syncFolder(folder: string): Promise<void> { return this.step(`syncFolder ${folder}`, () => this.inner.syncFolder(folder)); }
  remove(path: string): Promise<void> { return this.step(`remove ${path}`, () => this.inner.remove(path)); }
  removeFolder(folder: string): Promise<void> { return this.step(`removeFolder ${folder}`, () => this.inner.removeFolder(folder)); }

  async create(path: string): Promise<NewFile> {
    const file = await this.step(`create ${path}`, () => this.inner.create(path));
    return {
      write: (bytes) => this.step(`write ${path}`, () => file.write(bytes), () => file.write(bytes.subarray(0, bytes.length >> 1))),
      sync: () => this.step(`sync ${path}`, () => file.sync()),
      close: () => file.close(),
    };
  }
}
