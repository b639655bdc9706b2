/** The archive of a real broker's log: transactions, retention and a kill among it. Only with TIDEWAITER_TEST_STACK. */
import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { DiskFiles } from '../../services/archive/archive-files';
import { readArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import { verifyArchive } from '../../services/archive/verify-archive';
import { limits } from '../../services/limits';
import type { Log, LogInspector, OutgoingRecord, SourceRecord } from '../../services/shell/ports';
import { ArchiveWorld, collected, framed, Killed, MortalFiles } from '../support/archive-world';
import { kafkaWorld, type LogWorld } from '../support/log-worlds';
import { describeOnStack } from '../support/test-stack';

jest.setTimeout(120_000);

describeOnStack('a broker', () => {
  let kafka: LogWorld;
  let log: Log;
  let inspector: LogInspector;
  let world: ArchiveWorld;
  beforeEach(async () => { world = await ArchiveWorld.create(); kafka = await kafkaWorld(); log = kafka.log(); inspector = await log.inspector(); });
  afterEach(async () => { jest.restoreAllMocks(); await inspector.close(); await log.close(); await kafka.close(); await world.close(); });

  const archive = (files = world.files) => archiveTopic(kafka.stamped, false, { files, inspector, registry: world.registry, onProgress: () => undefined });
  const verify = () => verifyArchive([kafka.stamped], { files: world.files, inspector, onProgress: () => undefined });
  async function send(count: number, partition: number, from = 0): Promise<void> {
    const sink = await log.sink();
    await sink.send(Array.from({ length: count }, (_, index): OutgoingRecord => ({ topic: kafka.stamped, partition, key: `D-${from + index}`, value: index % 50 === 49 ? null : framed(world.schemaId, `declaration ${from + index}`), headers: index % 3 === 0 ? [{ key: 'n', value: Buffer.from([index & 255]) }] : [] })));
    await sink.close();
  }
  async function inLog(partition: number): Promise<SourceRecord[]> {
    const found: SourceRecord[] = [];
    /** The client adds what it needs for itself. */
    await inspector.readAll(kafka.stamped, (number, { offset, timestamp, key, value, headers }) => { if (number === partition) found.push({ offset, timestamp, key, value, headers }); });
    return found;
  }

  test('is archived with its holes, through a kill, once; goes on behind retention; DuckDB reads the same', async () => {
    jest.replaceProperty(limits, 'archiveRowsPerFile', 400 as never);
    await send(1_000, 0);
    await kafka.hole({ topic: kafka.stamped, partition: 0 });
    await send(500, 0, 1_000);
    await send(30, 3);
    await expect(archive(new MortalFiles(new DiskFiles(world.root), 25))).rejects.toThrow(Killed);
    const done = await archive();
    expect(done.map(({ refused, next }) => [refused, next])).toEqual([[undefined, 1_502], [undefined, 0], [undefined, 0], [undefined, 30]]);
    const before = await inLog(0);
    expect(before).toHaveLength(1_500);
    const read = (): Promise<SourceRecord[]> => collected(readArchive(world.files, { topic: kafka.stamped, partition: 0, offset: 0 }));
    expect(await read()).toEqual(before);
    expect((await verify()).map(({ faults, compared, behind }) => ({ faults, compared, behind }))).toEqual([{ faults: [], compared: { from: 0, next: 1_502 }, behind: 0 }, { faults: [], compared: { from: 0, next: 30 }, behind: 0 }]);

    await kafka.deleteBefore({ topic: kafka.stamped, partition: 0, offset: 1_200 });
    await send(20, 0, 1_500);
    await archive();
    expect(await read()).toEqual([...before, ...(await inLog(0)).slice(-20)]);
    expect((await verify())[0]).toMatchObject({ faults: [], compared: { from: 1_200, next: 1_522 }, records: 1_520 });

    const sql = await (await DuckDBInstance.create(':memory:')).connect();
    const [row] = (await sql.runAndReadAll(`select count(*), count(distinct (partition, "offset")), count(*) filter (value is null), sum(len(headers))::bigint from read_parquet('${join(world.root, kafka.stamped, '*', '*', '*.parquet')}')`)).getRowsJson();
    expect(row).toEqual(['1550', '1550', '30', String(334 + 167 + 10 + 7)]);
    sql.closeSync();
  });
});
