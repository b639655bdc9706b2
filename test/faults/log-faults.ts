/**
 * The counted topic is not the log that was counted any more: it ends before the stored position, has grown beyond it
 * again with other records, or was made anew. It must be noticed, cost nothing but its partition, and be repairable.
 */
import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { parsePosition } from '../../services/domain/position';
import type { CommittedPosition, LogInspector } from '../../services/shell/ports';
import { connectLog } from '../../services/shell/connect';
import { consumerGroup, countedTopic, publishedTopics, rawTopic, upstreamStages } from '../../services/topology';
import pino from 'pino';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';
import type { Fault } from './fault';
import { partPid, withRedis } from './real-parts';

const CUT_BYTES = 6_000;
/** One byte less, and the whole batch is gone: few records, which are soon made up for by others. */
const LAST_BATCH = 1;
const SETTLED_MS = 700;
const NOTICED_MS = 60_000;
const GROWN_BY = 5;
const counted = (partition: number): string => `${countedTopic}/${partition}`;

const stoppedPartitions = (system: RunningSystem): Readonly<Record<string, string>> => system.status().services.find(({ name }) => name === 'aggregate')?.stoppedPartitions ?? {};

async function positionText(system: RunningSystem, partition: number): Promise<string> {
  const reader = system.figures();
  const { positions } = await reader.readCells(0, []);
  await reader.close();
  return positions.find((position) => position.topic === countedTopic && position.partition === partition)?.position ?? '';
}

async function withInspector<Answer>(system: RunningSystem, ask: (inspector: LogInspector) => Promise<Answer>): Promise<Answer> {
  const inspector = await system.log().inspector();
  try { return await ask(inspector); } finally { await inspector.close(); }
}

/** The log of a partition on the broker's disk, while the broker is dead. */
class PartitionFolder {
  private readonly folder: string;
  private readonly copy: string;

  constructor(system: RunningSystem, partition: number) {
    const name = `${countedTopic}-${partition}`;
    this.folder = join(system.home, 'data/kafka', name);
    this.copy = join(system.home, 'data/kept', name);
  }

  keep(): void {
    rmSync(this.copy, { recursive: true, force: true });
    cpSync(this.folder, this.copy, { recursive: true });
  }

  /** The broker cuts off the rest of the batch in which the end falls. */
  cut(bytes: number): void {
    const last = join(this.folder, readdirSync(this.folder).filter((name) => name.endsWith('.log')).sort().at(-1) as string);
    truncateSync(last, Math.max(0, statSync(last).size - bytes));
  }

  putBack(): void {
    rmSync(this.folder, { recursive: true });
    cpSync(this.copy, this.folder, { recursive: true });
  }
}

/** Kills the broker, lets work be done on its disk, and starts it again. */
async function betweenBrokers(system: RunningSystem, work: () => void): Promise<void> {
  process.kill(partPid(system, 'kafka'), 'SIGKILL');
  await pause(200);
  work();
  system.done('stack', 'up');
}

/** A record that is refused comes through other partitions; the stopped one stands still. */
async function othersGoOn(system: RunningSystem, partition: number): Promise<string[]> {
  const before = await positionText(system, partition);
  const { books: { refused } } = system.status();
  const sink = await system.log().sink();
  await sink.send([{ topic: rawTopic, partition: 0, key: 'refused', value: Buffer.from('no declaration') }]);
  await sink.close();
  await until('other partitions go on', () => system.status().books.refused > refused, NOTICED_MS);
  return (await positionText(system, partition)) === before ? [] : [`${counted(partition)} went on although it was stopped`];
}

async function noticed(system: RunningSystem, partition: number): Promise<string[]> {
  await until(`aggregate stops ${counted(partition)}`, () => counted(partition) in stoppedPartitions(system), NOTICED_MS);
  const others = Object.keys(stoppedPartitions(system)).filter((name) => name !== counted(partition));
  return others.map((name) => `${name} was stopped too`);
}

/** The position of a partition to which nothing is added, once everything in it is counted. */
async function countedToItsEnd(system: RunningSystem, partition: number): Promise<number> {
  return withInspector(system, async (inspector) => {
    const end = (await inspector.offsets(countedTopic)).find((range) => range.partition === partition)?.end ?? 0;
    await until('everything in the log is counted', async () => parsePosition(await positionText(system, partition))?.next === end, NOTICED_MS);
    return end;
  });
}

/** What enrich had sent was lost with the log's end, while nobody added to it: the kept log is put back. */
const logCut: Fault = { act: async ({ system, random, strike }) => {
  const partition = random.between(0, system.config.TIDEWAITER_PARTITIONS - 1);
  const folder = new PartitionFolder(system, partition);
  const enrich = system.pidOf('enrich');
  process.kill(enrich, 'SIGSTOP');
  try {
    await pause(SETTLED_MS);
    await strike();
    await betweenBrokers(system, () => { folder.keep(); folder.cut(CUT_BYTES); });
    const found = [...(await noticed(system, partition)), ...(await othersGoOn(system, partition))];
    await betweenBrokers(system, () => folder.putBack());
    process.kill(system.pidOf('aggregate'), 'SIGTERM');
    return found;
  } finally {
    process.kill(enrich, 'SIGCONT');
  }
} };

/** The log has grown again with other records before anybody looked: its end says nothing, only what lies in it. */
const logRefilled: Fault = { act: async ({ system, random, strike }) => {
  const partition = random.between(0, system.config.TIDEWAITER_PARTITIONS - 1);
  const folder = new PartitionFolder(system, partition);
  const { name, input } = upstreamStages.enrich;
  const [enrich, aggregate] = [system.pidOf('enrich'), system.pidOf('aggregate')];
  const committed = (await withInspector(system, (inspector) => inspector.committed(name, input))).find((position) => position.partition === partition);
  if (!committed) throw new Error(`enrich has committed nothing on ${input}/${partition}`);
  process.kill(enrich, 'SIGSTOP');
  await pause(SETTLED_MS);
  await strike();
  try {
    const next = await countedToItsEnd(system, partition);
    process.kill(aggregate, 'SIGSTOP');
    await betweenBrokers(system, () => { folder.keep(); folder.cut(LAST_BATCH); });
    process.kill(enrich, 'SIGCONT');
    /** A broker that has only just come back may not lead its partitions yet. */
    await withInspector(system, (inspector) => until('the log has grown again', async () => ((await inspector.offsets(countedTopic).catch(() => [])).find((range) => range.partition === partition)?.end ?? 0) >= next + GROWN_BY, NOTICED_MS));
  } finally {
    process.kill(enrich, 'SIGCONT');
    process.kill(aggregate, 'SIGCONT');
  }
  const found = await noticed(system, partition);
  await system.stopServices();
  await betweenBrokers(system, () => folder.putBack());
  await readAgain(system, committed);
  await system.startServices();
  return found;
} };

/** What enrich has added since the copy was made is made again: its group goes back to what it had committed by then. */
async function readAgain(system: RunningSystem, committed: CommittedPosition): Promise<void> {
  const source = system.log().source('enrich', [committed.topic]);
  let joined: () => void = () => undefined;
  const owning = new Promise<void>((resolve) => { joined = resolve; });
  await source.start({ revoked: () => undefined, fetched: async () => undefined, assigned: async (partitions) => { joined(); return partitions.map((target) => ({ ...target, stopped: 'commits only' })); } });
  await owning;
  await source.commit([committed]);
  await source.stop();
}

/** Deleted and created again: nothing of it can be put back, so that everything behind it is made again from what comes before it. */
const topicMadeAnew: Fault = { act: async ({ system, strike }) => {
  const admin = connectLog(system.config, 'faults', pino({ level: 'silent' })).client.admin();
  await admin.connect();
  await strike();
  await admin.deleteTopics({ topics: [countedTopic] });
  await pause(SETTLED_MS);
  system.done('topics', 'apply');
  const all = Array.from({ length: system.config.TIDEWAITER_PARTITIONS }, (_, partition) => counted(partition));
  await until('aggregate stops the counted partitions', () => { const stopped = stoppedPartitions(system); return all.every((name) => name in stopped); }, NOTICED_MS);
  await system.stopServices();
  await admin.deleteTopics({ topics: [countedTopic, ...Object.values(publishedTopics)] });
  await admin.deleteGroups([consumerGroup('enrich')]);
  await admin.disconnect();
  await pause(SETTLED_MS);
  system.done('topics', 'apply');
  await withRedis(system, (redis) => redis.flushall());
  await system.startServices();
} };

export const logFaults: Readonly<Record<string, Fault>> = { 'log-cut': logCut, 'log-refilled': logRefilled, 'topic-made-anew': topicMadeAnew };
