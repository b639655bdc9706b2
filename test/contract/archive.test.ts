/** The archive: everything once, in its place, whatever is killed when; what is damaged is noticed; what is another log is refused. */
import { appendFile, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DiskFiles } from '../../services/archive/archive-files';
import { withArchiveLock } from '../../services/archive/archive-lock';
import { archivedSchemas } from '../../services/archive/archived-schemas';
import { archivedRanges, readArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { limits } from '../../services/limits';
import { avroType, Decoder } from '../../services/shell/avro/codec';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { LogSilent } from '../../services/shell/outside-log';
import { rawTopic, referenceTopic, subjectOf } from '../../services/topology';
import { ArchiveWorld, collected, framed, Killed, MortalFiles } from '../support/archive-world';

jest.setTimeout(120_000);

let world: ArchiveWorld;
beforeEach(async () => { world = await ArchiveWorld.create(); });
afterEach(async () => { jest.restoreAllMocks(); await world.close(); });

const target = (partition = 0) => ({ topic: rawTopic, partition });
const folder = 'customs.declarations.raw.v1/0/2026-11-25';
const name = (from: number, next: number): string => `${String(from).padStart(16, '0')}-${String(next).padStart(16, '0')}`;

describe('what is archived', () => {
  test('is what the log has, to the last byte, in files by day with the offsets in their names', async () => {
    await world.send(20, 0, rawTopic, [{ key: 'twice', value: Buffer.from([0, 255, 128]) }, { key: 'twice', value: Buffer.alloc(0) }, { key: 'ключ', value: Buffer.from('x') }]);
    await world.sendRecords([{ ...target(), key: 'empty', value: Buffer.alloc(0) }, { ...target(), key: 'none', value: null }]);
    world.nowMs = Date.UTC(2026, 10, 26);
    await world.send(5);
    await world.send(4, 2);
    const done = await world.run();
    expect(done.map(({ from, next, records, files }) => ({ from, next, records, files }))).toEqual([{ from: 0, next: 27, records: 27, files: 2 }, { from: 0, next: 0, records: 0, files: 0 }, { from: 0, next: 4, records: 4, files: 1 }]);
    for (const partition of [0, 1, 2]) expect(await world.archived(partition)).toEqual(world.inLog(partition));
    expect((await world.paths()).filter((path) => path.endsWith('.parquet'))).toEqual([
      `${folder}/${name(0, 22)}.parquet`, `customs.declarations.raw.v1/0/2026-11-26/${name(22, 27)}.parquet`, `customs.declarations.raw.v1/2/2026-11-26/${name(0, 4)}.parquet`,
    ]);
    expect(await world.faults()).toEqual([]);
  });

  test('is readable by its owner alone', async () => {
    await world.send(3);
    world.files = new DiskFiles(world.root);
    await world.run();
    for (const path of await world.paths()) {
      expect(`${path} ${((await stat(join(world.root, path))).mode & 0o777).toString(8)}`).toBe(`${path} 600`);
      for (let above = dirname(path); ; above = dirname(above)) {
        expect(`${above} ${((await stat(join(world.root, above))).mode & 0o777).toString(8)}`).toBe(`${above} 700`);
        if (above === '.') break;
      }
    }
  });

  test('goes on behind its last offset, and is done when there is nothing new', async () => {
    await world.send(10);
    await world.run();
    expect((await world.run()).map(({ records, files }) => records + files)).toEqual([0, 0, 0]);
    await world.send(4);
    await world.run();
    expect((await world.paths()).filter((path) => path.endsWith('.parquet'))).toEqual([`${folder}/${name(0, 10)}.parquet`, `${folder}/${name(10, 14)}.parquet`]);
    expect(await world.archived()).toEqual(world.inLog());
    expect(await world.faults()).toEqual([]);
  });

  test('covers holes: in front, in the middle, between two runs', async () => {
    world.broker.appendMarker(target(), 3);
    await world.send(2);
    world.broker.appendMarker(target(), 2);
    await world.send(2);
    world.broker.appendMarker(target(), 4);
    await world.run();
    await world.run();
    await world.send(1);
    await world.run();
    const [range] = await archivedRanges(world.files, rawTopic);
    expect(range?.files.map(({ firstOffset, nextOffset, records }) => [firstOffset, nextOffset, records])).toEqual([[0, 9, 4], [9, 14, 1]]);
    expect(await world.archived()).toEqual(world.inLog());
    expect(await world.faults()).toEqual([]);
  });

  test('has no file of two days, where a clock goes back and forth', async () => {
    for (const day of [25, 26, 25, 26]) { world.nowMs = Date.UTC(2026, 10, day, 12); await world.send(3); }
    await world.run();
    const [range] = await archivedRanges(world.files, rawTopic);
    expect(range?.files.map(({ day, firstOffset }) => `${day} ${firstOffset}`)).toEqual(['2026-11-25 0', '2026-11-26 3', '2026-11-25 6', '2026-11-26 9']);
    expect(await world.archived()).toEqual(world.inLog());
    expect(await world.faults()).toEqual([]);
  });

  test('is in several row groups and several files where there is much of it, and is read from any offset', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerGroup', 40 as never);
    jest.replaceProperty(limits, 'archiveRowsPerFile', 100 as never);
    await world.send(250);
    world.broker.appendMarker(target(), 5);
    await world.send(20);
    await world.run();
    expect((await archivedRanges(world.files, rawTopic))[0]?.files.map(({ records }) => records)).toEqual([100, 100, 70]);
    const all = world.inLog();
    for (let offset = 0; offset <= 275; offset += 11) expect(await world.archived(0, rawTopic, offset)).toEqual(all.filter((record) => record.offset >= offset));
    for await (const batch of readArchive(world.files, { ...target(), offset: 0 })) expect(batch.length).toBeLessThanOrEqual(40);
    expect(await world.archived(0, rawTopic, 10_000)).toEqual([]);
  });

  test('is all that the log gave, where the log ends a run too early', async () => {
    await world.send(10);
    await world.send(4, 1);
    const inspector = await world.log.inspector();
    const silent = { offsets: inspector.offsets.bind(inspector), readRanges: async (ranges: Parameters<typeof inspector.readRanges>[0], each: Parameters<typeof inspector.readRanges>[1]) => { await inspector.readRanges(ranges.map((range) => ({ ...range, next: Math.min(range.next, 6) })), each); throw new LogSilent(60, undefined); } };
    await expect(archiveTopic(rawTopic, false, { files: world.files, inspector: silent, registry: world.registry, onProgress: () => undefined })).rejects.toThrow('a transaction that is still open');
    expect((await archivedRanges(world.files, rawTopic)).map(({ next }) => next)).toEqual([6, 4]);
    await world.run();
    expect(await world.archived()).toEqual(world.inLog());
  });

  test('can be decoded without the registry: schemas are kept by id, unknown ids are named', async () => {
    await world.send(3);
    await world.sendRecords([{ ...target(), key: 'k', value: framed(4_000_000_000, 'nobody knows') }, { ...target(), key: 'k', value: Buffer.from('no frame') }]);
    await world.run();
    const [range] = await archivedRanges(world.files, rawTopic);
    expect(range?.files[0]).toMatchObject({ schemas: { [world.schemaId]: expect.any(String) }, unknownSchemas: [4_000_000_000] });
    const schemas = await archivedSchemas(world.files);
    expect(await schemas.byId(world.schemaId)).toBe(await world.registry.byId(world.schemaId));
    expect(await schemas.byId(4_000_000_000)).toBeUndefined();
    expect((await schemas.latest(subjectOf(rawTopic)))?.id).toBe(world.schemaId);
    expect(await schemas.latest(subjectOf(referenceTopic))).toBeUndefined();
    const decoder = new Decoder<{ text: string }>(avroType(JSON.parse((await schemas.byId(world.schemaId)) as string)), schemas);
    const values = (await world.archived()).map(({ value }) => value);
    await decoder.prepare(values, 0);
    expect(values.map((value) => decoder.decode(value))).toMatchObject([...[0, 1, 2].map((offset) => ({ value: { text: `declaration ${offset}` } })), { failure: 'E-DECODE-SCHEMA' }, { failure: 'E-DECODE-FRAME' }]);
  });
});

describe('a run that is killed', () => {
  /** Three files in two partitions, on the second run of an archive that has one already. */
  async function archiveOf(diesAt: number): Promise<MortalFiles> {
    jest.replaceProperty(limits, 'archiveRowsPerGroup', 4 as never);
    await world.send(5);
    await world.run();
    await world.send(6);
    world.nowMs += 86_400_000;
    await world.send(6);
    await world.send(2, 1);
    world.schemaId = await world.registry.register(subjectOf(rawTopic), JSON.stringify({ type: 'record', name: 'Small', fields: [{ name: 'text', type: 'string' }, { name: 'more', type: 'string', default: '' }] }));
    await world.send(3, 1);
    return new MortalFiles(world.files, diesAt);
  }

  test('at any step, in the middle of any write, leaves an archive that the next run completes', async () => {
    const unharmed = await archiveOf(Infinity);
    await world.run(rawTopic, false, unharmed);
    const steps = unharmed.steps.length;
    expect(steps).toBeGreaterThan(30);
    for (let diesAt = 0; diesAt < steps; diesAt++) {
      await world.close();
      world = await ArchiveWorld.create();
      await expect(world.run(rawTopic, false, await archiveOf(diesAt))).rejects.toThrow(Killed);
      /** What is there is whole; what is missing is at the end. */
      expect((await world.faults()).map((fault) => `${unharmed.steps[diesAt]}: ${fault}`)).toEqual([]);
      await world.run();
      for (const partition of [0, 1]) expect(await world.archived(partition)).toEqual(world.inLog(partition));
      const checks = await world.verify();
      expect(checks.flatMap(({ faults, leftovers }) => [...faults, ...leftovers])).toEqual([]);
      expect(checks.map(({ records, behind }) => [records, behind])).toEqual([[17, 0], [5, 0]]);
      expect((await world.paths()).filter((path) => path.endsWith('.unfinished'))).toEqual([]);
    }
  });

  test('by a power cut: a name is given to what is on the disk, a manifest to records that have their name', async () => {
    const files = await archiveOf(Infinity);
    await world.run(rawTopic, false, files);
    const names = new Map<string, string>();
    files.steps.forEach((step, index) => {
      const [what, from, to] = step.split(' ') as [string, string, string];
      if (what !== 'rename') return;
      const lastWrite = files.steps.lastIndexOf(`write ${from}`, index);
      expect({ from, synced: files.steps.lastIndexOf(`sync ${from}`, index) > lastWrite && lastWrite >= 0 }).toEqual({ from, synced: true });
      if (to.endsWith('.json')) {
        const named = files.steps.findIndex((step) => step.endsWith(` ${to.replace('.json', '.parquet')}`));
        expect({ to, recordsNamed: named >= 0 && files.steps.indexOf(`syncFolder ${dirname(to)}`, named) < index && files.steps.indexOf(`syncFolder ${dirname(to)}`, named) > named }).toEqual({ to, recordsNamed: true });
      }
      expect(files.steps[index + 1]).toBe(`syncFolder ${dirname(to)}`);
      names.set(to, from);
    });
    expect(names.size).toBe(7);
  });
});

describe('another log', () => {
  const refusal = async (): Promise<(string | undefined)[]> => (await world.run()).map(({ refused }) => refused);

  test('a topic that was made anew is refused, however long it is by now; the other partitions go on', async () => {
    await world.send(10);
    await world.send(2, 1);
    await world.run();
    for (const again of [3, 10, 25]) {
      world.broker.recreate(rawTopic);
      world.nowMs += 1;
      await world.send(again);
      const [first, second] = await refusal();
      expect(first).toContain('made anew');
      expect(second).toContain('made anew');
      expect((await world.faults()).join('\n')).toContain(again < 10 ? `${again} the log ends at ${again}` : '0 the record in the log is another one');
    }
    expect((await archivedRanges(world.files, rawTopic)).map(({ records }) => records)).toEqual([10, 2]);
  });

  test('a log that lost its end and has grown again is refused, and verify says from where on', async () => {
    await world.send(10);
    await world.send(3, 1);
    await world.run();
    world.broker.truncate({ ...target(), offset: 7 });
    world.nowMs += 1;
    await world.send(8);
    await world.send(1, 1);
    const [first, second] = await refusal();
    expect(first).toContain('offset 9 is not the one that was archived');
    expect(second).toBeUndefined();
    expect((await archivedRanges(world.files, rawTopic)).map(({ next }) => next)).toEqual([10, 4]);
    expect((await world.faults()).map((fault) => fault.replace(folder, ''))).toEqual([7, 8, 9].map((offset) => `/${name(0, 10)}.parquet ${offset} the record in the log is another one`));
  });

  test('what retention took before it was archived is refused, and gone on with at a word; whoever reads is told', async () => {
    await world.send(10);
    await world.run();
    await world.send(10);
    world.broker.deleteBefore({ ...target(), offset: 15 });
    expect((await refusal())[0]).toContain('offsets 10 to 14 are neither in the archive nor in the log');
    expect((await world.run(rawTopic, true))[0]).toMatchObject({ from: 15, next: 20, records: 5 });
    const [check] = await world.verify();
    expect(check).toMatchObject({ faults: [], leftOut: [{ from: 10, next: 15 }], compared: { from: 15, next: 20 } });
    await expect(world.archived()).rejects.toThrow('offset 10: offsets 10 to 14 were left out');
    expect((await world.archived(0, rawTopic, 15)).length).toBe(5);
    expect((await collected(readArchive(world.files, { ...target(), offset: 0 }, { overLeftOut: true }))).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19]);
  });

  test('a file without its manifest is not removed where the log cannot give it again', async () => {
    await world.send(10);
    await world.run();
    await world.send(10);
    await world.run();
    await unlink(join(world.root, folder, `${name(10, 20)}.json`));
    world.broker.deleteBefore({ ...target(), offset: 20 });
    await world.send(5);
    expect((await refusal())[0]).toContain('offsets 10 to 19 are neither in the archive nor in the log');
    expect(await world.run(rawTopic, true)).toMatchObject([{ from: 20, next: 25 }, {}, {}]);
    expect((await world.verify())[0]).toMatchObject({ leftovers: [`${folder}/${name(10, 20)}.parquet`], leftOut: [{ from: 10, next: 20 }], faults: [] });
  });

  test('what retention took after it was archived is in the archive alone', async () => {
    await world.send(10);
    world.broker.deleteBefore({ ...target(), offset: 4 });
    await world.run();
    const archived = world.inLog();
    await world.send(2);
    world.broker.deleteBefore({ ...target(), offset: 10 });
    await world.run();
    expect(await world.archived()).toEqual([...archived, ...world.inLog()]);
    expect(await world.verify()).toMatchObject([{ from: 4, next: 12, faults: [], compared: { from: 10, next: 12 } }]);
    await expect(world.archived(0, rawTopic, 3)).rejects.toThrow('begins at 4');
  });

  test('a compacted topic may lose what was archived of it, and nothing else', async () => {
    const document = (key: string, text: string) => ({ topic: referenceTopic, partition: 0, key, value: framed(world.schemaId, text) });
    await world.sendRecords([document('a', '1'), document('b', '1'), document('a', '2')]);
    await world.run(referenceTopic);
    const before = world.inLog(0, referenceTopic);
    await world.sendRecords([document('a', '3')]);
    world.broker.compact(referenceTopic);
    await world.run(referenceTopic);
    expect((await world.archived(0, referenceTopic)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect((await world.archived(0, referenceTopic)).slice(0, 3)).toEqual(before);
    expect(await world.faults()).toEqual([]);
  });

  test('a registry that was made anew is refused', async () => {
    await world.send(3);
    await world.run();
    world.registry = new MemoryRegistry();
    expect(await world.registry.register(subjectOf(rawTopic), '{"type":"record","name":"Other","fields":[]}')).toBe(world.schemaId);
    await world.send(3);
    await expect(world.run()).rejects.toThrow(`another schema for id ${world.schemaId}`);
    expect((await archivedRanges(world.files, rawTopic))[0]?.next).toBe(3);
  });
});

describe('damage', () => {
  test('of any byte of any file is noticed, and its file is named', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerFile', 4 as never);
    await world.send(6);
    await world.run();
    let damaged = 0;
    for (const path of await world.paths()) {
      const sound = await world.bytesOf(path);
      /** A digest covers the records; each byte of a manifest counts for itself. */
      const stride = path.endsWith(`${name(0, 4)}.json`) ? 1 : 31;
      for (let at = 0; at < sound.length; at += stride) {
        if (path.endsWith('.json') && /\s/.test(String.fromCharCode(sound[at] as number))) continue;
        const bytes = Buffer.from(sound);
        bytes[at] = (bytes[at] as number) ^ 1;
        await writeFile(join(world.root, path), bytes);
        const stem = path.replace(/\.(json|parquet)$/, '');
        expect({ path, at, faults: await world.faults(false) }).toEqual({ path, at, faults: expect.arrayContaining([expect.stringContaining(stem)]) });
        damaged++;
      }
      await writeFile(join(world.root, path), sound);
    }
    expect(damaged).toBeGreaterThan(400);
    expect(await world.faults()).toEqual([]);
  });

  test('a damaged file hands over no record, and nothing is archived behind a chain that is broken', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerFile', 4 as never);
    await world.send(12);
    await world.run();
    const second = join(world.root, folder, `${name(4, 8)}.parquet`);
    const bytes = await readFile(second);
    bytes[40] = (bytes[40] as number) ^ 1;
    await writeFile(second, bytes);
    const read: number[] = [];
    await expect((async () => { for await (const batch of readArchive(world.files, { ...target(), offset: 0 })) read.push(...batch.map(({ offset }) => offset)); })()).rejects.toThrow(`${name(4, 8)}.parquet, offset 4: its bytes are not those that were written`);
    expect(read).toEqual([0, 1, 2, 3]);
    await unlink(join(world.root, folder, `${name(4, 8)}.json`));
    await world.send(1);
    await expect(world.run()).rejects.toThrow('offsets 4 to 7 in front of it are missing');
    expect((await world.faults()).join()).toContain('offsets 4 to 7 in front of it are missing');
  });

  test('a missing file, bytes too many and a missing schema are named', async () => {
    await world.send(4);
    await world.run();
    const path = join(world.root, folder, `${name(0, 4)}.parquet`);
    const sound = await readFile(path);
    await appendFile(path, 'x');
    expect((await world.faults())[0]).toContain(`${name(0, 4)}.parquet 0 its bytes are not`);
    await unlink(path);
    expect((await world.faults())[0]).toContain(`${name(0, 4)}.parquet 0 it cannot be opened`);
    await writeFile(path, sound);
    await unlink(join(world.root, 'schemas', `${world.schemaId}.avsc`));
    expect((await world.faults())[0]).toContain(`schemas/${world.schemaId}.avsc 0 it is missing`);
    await expect(archivedSchemas(world.files)).rejects.toThrow('is missing');
  });

  test('a record that the log has and the archive has not, and one that it has besides, are named', async () => {
    await world.send(6);
    world.broker.appendMarker(target());
    await world.send(2);
    await world.run();
    const other = await ArchiveWorld.create();
    try {
      other.broker.appendMarker(target());
      await other.send(5);
      await other.send(3);
      other.files = world.files;
      expect((await other.faults()).map((fault) => fault.split('.parquet ')[1] ?? fault.split('.json ')[1]).filter((fault) => !fault?.includes('another one'))).toEqual(['0 the log does not have this record', '6 the log has a record here and the archive has none']);
    } finally {
      await other.close();
    }
  });
});

describe('one run at a time', () => {
  const lock = (): string => join(world.root, 'lock');

  test('a second one is refused, and the lock is gone afterwards', async () => {
    await withArchiveLock(world.root, async () => { await expect(withArchiveLock(world.root, async () => undefined)).rejects.toThrow(`process ${process.pid} on ${hostname()}`); });
    await expect(withArchiveLock(world.root, async () => { throw new Error('ended'); })).rejects.toThrow('ended');
    expect(await withArchiveLock(world.root, async () => 'again')).toBe('again');
  });

  test('the lock of a process that was killed is taken over; that of another machine is not', async () => {
    await withArchiveLock(world.root, async () => undefined);
    await writeFile(lock(), JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1 }));
    expect(await withArchiveLock(world.root, async () => 'taken over')).toBe('taken over');
    await writeFile(lock(), JSON.stringify({ host: 'elsewhere', pid: process.pid }));
    await expect(withArchiveLock(world.root, async () => undefined)).rejects.toThrow('on elsewhere');
  });
});
