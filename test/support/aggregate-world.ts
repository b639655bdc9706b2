/** Aggregate on its shell, in memory, fed with refusals: the simplest records that it counts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startAggregate } from '../../services/aggregate/start';
import { parsePosition, type Position } from '../../services/domain/position';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { allTopicSchemas, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import type { LedgerStore } from '../../services/shell/figure-store';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import type { Log, TopicPartition } from '../../services/shell/ports';
import { rejection } from '../../services/shell/rejection';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, rejectedTopic, subjectOf } from '../../services/topology';
import { origin } from './declarations';
import type { Member } from './stage-world';

export const refusals: TopicPartition = { topic: rejectedTopic, partition: 0 };

export class AggregateWorld {
  readonly broker = new MemoryBroker({ partitions: 1 });
  readonly store = new MemoryStore({ partitions: 1, buckets: 16 });
  private readonly registry = new MemoryRegistry();
  private readonly home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  private readonly members: Member[] = [];
  private count = 0;

  static async open(): Promise<AggregateWorld> {
    const world = new AggregateWorld();
    for (const { topic, text } of allTopicSchemas()) await world.registry.register(subjectOf(topic), text);
    return world;
  }

  /** `around` and `ledger`: what a test puts between aggregate and its neighbours. */
  async start(around: (log: MemoryLog) => Log = (log) => log, ledger: LedgerStore = this.store.ledger()): Promise<Member> {
    const unused = (): never => { throw new Error('aggregate reads no figures'); };
    const state = new StateReporter(this.home, 'aggregate');
    const service = await startAggregate({
      config: readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_LEDGER_BUCKETS: '16', TIDEWAITER_HOME: this.home }), logger: pino({ level: 'silent' }), state,
      neighbours: { log: () => around(new MemoryLog(this.broker)), registry: () => this.registry, ledger: () => ledger, figures: unused, closed: unused, directory: unused }, untilReady: (_neighbour, call) => call(),
    });
    const member = { service, state };
    this.members.push(member);
    return member;
  }

  async refuse(count: number): Promise<void> {
    const encoder = new Encoder(await ownSchemaId(this.registry, rejectedTopic), avroType(topicSchema(rejectedTopic)));
    const sink = await new MemoryLog(this.broker).sink();
    for (let sent = 0; sent < count; sent++) {
      const at = origin({ offset: this.count++ });
      const value = rejection('ingest', at, [{ code: 'E-DECODE-EMPTY', field: 'value', message: 'no value' }], null, rawTopic, { offset: at.offset, timestamp: at.timestamp, key: null, value: null, headers: [] });
      await sink.send([{ ...refusals, key: value.rejectId, value: encoder.encode(value) }]);
    }
  }

  async position(): Promise<Position | undefined> {
    const answer = await this.store.reader().readFigures([], 0);
    const found = 'positions' in answer ? answer.positions.find(({ topic }) => topic === rejectedTopic) : undefined;
    return parsePosition(found?.position ?? '');
  }

  async refused(): Promise<number> {
    const answer = await this.store.reader().readFigures(['books'], 1_000);
    return 'hashes' in answer ? Number(answer.hashes[0]?.fields.get('refused') ?? 0) : 0;
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ service }) => service.stop()));
    rmSync(this.home, { recursive: true, force: true });
  }
}
