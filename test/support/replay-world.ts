/** Generated declarations counted by the live services in memory, and counted again beside them by workers of a replay. */
import pino from 'pino';
import type { RawDeclaration } from '../../services/domain/declaration';
import type { CountedFacts } from '../../services/domain/facts';
import { offsetsOf } from '../../services/domain/figure-status';
import type { FiguresPlace, NamespaceManifest } from '../../services/domain/namespace-directory';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate } from '../../services/generate/generate';
import { InMemorySystem } from '../../services/local/in-memory-system';
import type { ReferenceSet } from '../../services/reference/types';
import { historyInspector } from '../../services/replay/history/history-log';
import { archivedHistory } from '../../services/replay/history/manifest-history';
import { historyLeft, historyOf, manifestFor, type ReplayRequest } from '../../services/replay/replay-manifest';
import { startFeed } from '../../services/replay/start-feed';
import type { PieceSizes } from '../../services/shell/count-partition';
import type { Neighbours } from '../../services/shell/connect';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { ledgerSchema, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { readProfile, readReferenceSet } from '../../services/shell/definition-files';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, type TopicName } from '../../services/topology';
import { until } from './until';

const profile = readProfile('CD');
const reference = readReferenceSet(profile);
export const replayConfig = readConfig({ TIDEWAITER_PROFILE: 'CD', TIDEWAITER_REFUSAL_SHARE: '1', TIDEWAITER_LEDGER_BUCKETS: '16' });

export class ReplayWorld {
  /** What was fed, by event: the last of those with the same name. */
  readonly fed = new Map<string, RawDeclaration>();

  private constructor(readonly system: InMemorySystem) {}

  static async start(seed: string, events: number): Promise<ReplayWorld> {
    const world = new ReplayWorld(await InMemorySystem.start(replayConfig));
    await world.feed(seed, events);
    return world;
  }

  /** Fed, counted, and with one record that no stage can read. */
  async feed(seed: string, events: number): Promise<void> {
    const { neighbours } = this.system;
    const encoder = new Encoder(await ownSchemaId(neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
    const log = neighbours.log();
    const sink = await log.sink();
    const lines = [...generate({ profile, seed, count: events, days: 60, untilMs: Date.UTC(2026, 5, 1), withFaults: true }, emptyTally())];
    const declarations = lines.map((line, index) => readNdjsonLine(line, index + 1)?.declaration as RawDeclaration);
    for (const declaration of declarations) this.fed.set(declaration.eventId, declaration);
    await sink.send(declarations.map((declaration) => ({ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, replayConfig.TIDEWAITER_PARTITIONS), key: declaration.declarationId, value: encoder.encode(declaration) })));
    await sink.send([{ topic: rawTopic, partition: 2, key: 'damaged', value: Buffer.from('no frame') }]);
    await this.system.drained();
  }

  async manifest(name: string, source: TopicName, asked: Pick<ReplayRequest, 'since' | 'until' | 'archive' | 'fineSinceMs'> = {}): Promise<NamespaceManifest> {
    const inspector = historyInspector(await this.system.neighbours.log().inspector(), { archive: archivedHistory(asked.archive), until: undefined });
    const history = await historyOf(source, inspector, asked);
    await inspector.close();
    return manifestFor({ name, source, by: 'test', nowMs: 0, own: [], ...asked }, history, [], reference);
  }

  worker(manifest: NamespaceManifest, state = new StateReporter(this.system.home, 'aggregate'), references: readonly ReferenceSet[] = [reference], backlog?: PieceSizes, neighbours: Neighbours = this.system.neighbours): Promise<RunningService> {
    return startFeed({
      config: { ...replayConfig, pseudonymKeyFile: this.system.pseudonymKeyFile }, logger: pino({ level: 'silent' }), state,
      neighbours, untilReady: (_neighbour, call) => call(),
    }, manifest, profile, references, backlog);
  }

  async offsets({ name, inputs }: FiguresPlace): Promise<Record<string, number>> {
    const answer = await this.system.neighbours.figures({ name, inputs }).readFigures([], 0);
    return offsetsOf('positions' in answer ? answer.positions : []);
  }

  async counted(manifest: NamespaceManifest): Promise<boolean> { return historyLeft(manifest, await this.offsets(manifest)) === 0; }

  async replayed(manifest: NamespaceManifest, workers = 1, backlog?: PieceSizes, neighbours?: Neighbours): Promise<void> {
    const running = await Promise.all(Array.from({ length: workers }, () => this.worker(manifest, undefined, undefined, backlog, neighbours)));
    await until('history is counted', () => this.counted(manifest), 40_000);
    await Promise.all(running.map((service) => service.stop()));
  }

  /** What came and went again between two pieces leaves a zero, within one piece nothing: both say the same. */
  figures(namespace: string): string[] {
    const prefix = `{tw:${namespace}:0}:cell/`;
    return this.system.fields().filter(({ key, value }) => key.startsWith(prefix) && value !== '0').map(({ key, field, value }) => `${key.slice(prefix.length)} ${field} ${value}`);
  }

  /** But for where the record lies that was counted: of the same declaration, on another topic. */
  async ledger(place: FiguresPlace): Promise<string[]> {
    const type = avroType(ledgerSchema());
    return (await this.facts(place)).map(({ declarationId, ...facts }) => `${declarationId} ${type.toBuffer({ ...facts, recordOffset: 0 }).toString('hex')}`).sort();
  }

  async facts(place: FiguresPlace): Promise<(CountedFacts & { readonly declarationId: string })[]> {
    const ledger = this.system.neighbours.ledger(place);
    const type = avroType(ledgerSchema());
    const found: (CountedFacts & { readonly declarationId: string })[] = [];
    for (let partition = 0; partition < replayConfig.TIDEWAITER_PARTITIONS; partition++) {
      for (let bucket = 0; bucket < ledger.buckets; bucket++) for (const [declarationId, bytes] of (await ledger.readBucket({ topic: rawTopic, partition }, bucket)).entries) found.push({ ...(type.fromBuffer(bytes) as CountedFacts), declarationId });
    }
    return found;
  }

  stop(): Promise<void> { return this.system.stop(); }
}
