/**
 * Publishes whatever figures are live. It follows the directory of namespaces on the log, keeps its copy in the store (which
 * may lose it with everything else), and changes over to another namespace when one is promoted.
 */
import type { Logger } from 'pino';
import { liveOf, noNamespaces, type LiveFigures, type NamespaceDirectory } from '../domain/namespace-directory';
import { limits } from '../limits';
import type { DirectoryStore } from '../shell/directory-store';
import { withRecord } from '../shell/namespace-events';
import type { Log, SchemaSource } from '../shell/ports';
import { ReferenceTail } from '../shell/reference-tail';
import type { RunningService } from '../shell/service';
import type { StateReporter } from '../shell/service-state';
import { delay } from '../shell/waiting';
import type { Publisher } from './publisher';

export interface LivePublisherParts {
  readonly log: Log;
  readonly registry: SchemaSource;
  readonly directory: DirectoryStore;
  readonly logger: Logger;
  readonly state: StateReporter;
  readonly make: (live: LiveFigures) => Publisher;
}

export class LivePublisher implements RunningService {
  private known: NamespaceDirectory = noNamespaces;
  private follower!: ReferenceTail;
  private publisher!: Publisher;
  private live!: LiveFigures;
  private stopping = false;
  private ask: () => void = () => undefined;
  private readonly stopAsked = new Promise<void>((resolve) => { this.ask = resolve; });
  done: Promise<void> = Promise.resolve();

  constructor(private readonly parts: LivePublisherParts) {}

  async start(): Promise<void> {
    const { log, registry, logger, state } = this.parts;
    this.follower = await ReferenceTail.start(log, registry, logger, state.onTrouble, (record, offset) => { this.known = withRecord(this.known, record, offset); });
    await this.publish();
    this.done = this.loop();
  }

  private async publish(): Promise<void> {
    this.live = liveOf(this.known);
    await this.keepCopy();
    this.publisher = this.parts.make(this.live);
    await this.publisher.start();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      /** A publisher that ends by itself has failed. */
      await Promise.race([delay(limits.directoryLookMs), this.publisher.done, this.stopAsked]);
      if (this.stopping) return;
      await this.keepCopy();
      if (liveOf(this.known).generation === this.live.generation) continue;
      await this.publisher.stop();
      await this.publish();
      this.parts.logger.info({ namespace: this.live.name, generation: this.live.generation }, 'other figures are live');
    }
  }

  /** Without a directory in the store its readers would take what the live services count for what is live. */
  private async keepCopy(): Promise<void> {
    if (this.known.revision === 0) return;
    const copy = await this.parts.directory.read();
    if ((copy?.revision ?? 0) < this.known.revision) await this.parts.directory.write(this.known);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.ask();
    await this.done;
    await this.publisher.stop();
    await this.follower.stop();
    await this.parts.directory.close();
  }
}
