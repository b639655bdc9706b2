/** One upstream stage on its shell, in memory: standardize, with as many members as a test wants. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { avroType, Decoder, Encoder } from '../../services/shell/avro/codec';
import { allTopicSchemas, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import type { CommittedPosition, Log, TopicPartition } from '../../services/shell/ports';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { runByReference } from '../../services/shell/run-upstream';
import { standardizeStage } from '../../services/standardize/stage';
import { subjectOf } from '../../services/topology';
import { accepted, origin, raw } from './declarations';

export const input = 'customs.declarations.accepted.v1';
export const output = 'customs.declarations.standardized.v1';
export const inputPartition: TopicPartition = { topic: input, partition: 0 };

export type StandardizeStage = ReturnType<typeof standardizeStage>;
export interface Member { readonly service: RunningService; readonly state: StateReporter }

interface StandardizedId { readonly accepted: { readonly declarationId: string } }

export class StageWorld {
  readonly broker = new MemoryBroker({ partitions: 1 });
  readonly registry = new MemoryRegistry();
  private readonly home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  private readonly members: Member[] = [];
  private count = 0;

  static open(): Promise<StageWorld> { return new StageWorld().opened(); }

  async opened(): Promise<this> {
    for (const { topic, text } of allTopicSchemas()) await this.registry.register(subjectOf(topic), text);
    return this;
  }

  /** `around`: what a test puts between the stage and the broker; `change`: what it does to the stage. */
  async start(around: (log: MemoryLog) => Log = (log) => log, change: (stage: StandardizeStage) => StandardizeStage = (stage) => stage): Promise<Member> {
    const unused = (): never => { throw new Error('a stage needs no store'); };
    const state = new StateReporter(this.home, 'standardize');
    const service = await runByReference((reference, profile) => change(standardizeStage(reference, profile)), {
      config: readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_HOME: this.home }), logger: pino({ level: 'silent' }), state,
      neighbours: { log: () => around(new MemoryLog(this.broker)), registry: () => this.registry, ledger: unused, figures: unused, closed: unused, directory: unused }, untilReady: (_neighbour, call) => call(),
    });
    const member = { service, state };
    this.members.push(member);
    return member;
  }

  /** Sends so many declarations; `mark` makes their ids others than those before. */
  async declare(count: number, mark = 'D'): Promise<void> {
    const encoder = new Encoder(await ownSchemaId(this.registry, input), avroType(topicSchema(input)));
    const sink = await new MemoryLog(this.broker).sink();
    for (let sent = 0; sent < count; sent++) {
      const declarationId = `${mark}${this.count++}`;
      await sink.send([{ ...inputPartition, key: declarationId, value: encoder.encode(accepted(raw({ declarationId, eventId: `${declarationId}/1` }), origin({ offset: this.count }))) }]);
    }
  }

  committed(): CommittedPosition | undefined { return this.broker.group('standardize').committed(input)[0]; }

  /** Declaration ids on the output topic, in order. */
  async results(): Promise<string[]> { return (await this.standardized<StandardizedId>()).map(({ accepted: { declarationId } }) => declarationId); }

  /** Values on the output topic, in order. */
  async standardized<Value>(): Promise<Value[]> {
    const decoder = new Decoder<Value>(avroType(topicSchema(output)), this.registry);
    const log = this.broker.partition({ topic: output, partition: 0 });
    const values = log.fetch(log.start, Infinity)?.records.map(({ value }) => value) ?? [];
    await decoder.prepare(values, 0);
    return values.map((value) => {
      const decoded = decoder.decode(value);
      if ('failure' in decoded) throw new Error(decoded.detail);
      return decoded.value;
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ service }) => service.stop()));
    rmSync(this.home, { recursive: true, force: true });
  }
}
