/**
 * A simulated process seen from its neighbours: every call to a port goes through its gate, before and after.
 * There it may be slow, frozen, or dead, and a dead one never learns an answer and never asks again: which is
 * what `kill -9` does between any two steps that the world can see.
 */
import type { ClosedStore } from '../../services/shell/closed-store';
import type { DirectoryStore } from '../../services/shell/directory-store';
import type { FigureReader, LedgerStore } from '../../services/shell/figure-store';
import type { MemoryLog } from '../../services/shell/memory/memory-log';
import type { MemorySource } from '../../services/shell/memory/memory-source';
import type { Log, SchemaSource, Sink, LogInspector, Source, SourceHandlers, TailReader } from '../../services/shell/ports';
import type { Random } from '../../services/generate/random';
import { pause } from '../support/until';

const never = (): Promise<never> => new Promise(() => undefined);
/** One call in ten takes a while. */
const SLOW_SHARE = 0.1;
const SLOW_MS = 40;

export class Gate {
  private alive = true;
  private thawed: Promise<void> | undefined;
  /** Partitions were taken away while it was frozen: it hears of it when its client next asks. */
  private unheard: (() => void) | undefined;
  private rebalances = 0;
  private expulsions = 0;
  readonly sources: MemorySource[] = [];

  /** `onPassing`: hears of each point, e.g. `after ledger.apply`, right before what lies behind it happens; may kill or freeze. */
  constructor(private readonly random: Random, private readonly onDeath: () => void, private readonly onPassing: (point: string) => void) {}

  get dead(): boolean { return !this.alive; }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.onDeath();
  }

  /** Nothing passes until the answered function is called. */
  freeze(): () => void {
    let thaw: () => void = () => undefined;
    this.thawed = new Promise<void>((resolve) => { thaw = () => { this.thawed = undefined; resolve(); }; });
    return thaw;
  }

  /** The group has given it up; what it was about to take over it never gets, what it has it goes on with until it notices. */
  expel(): void {
    this.expulsions++;
    for (const source of this.sources) source.expel();
  }

  /** The client's next heartbeat after a thaw. */
  hear(): void {
    this.unheard?.();
    this.unheard = undefined;
  }

  private async awake(): Promise<void> { while (this.thawed) await this.thawed; }

  private async pass(point: string): Promise<void> {
    if (!this.alive) return never();
    if (this.random.next() < SLOW_SHARE) await pause(Math.ceil(this.random.next() * SLOW_MS));
    await this.awake();
    if (this.alive) this.onPassing(point);
    await this.awake();
    return this.alive ? undefined : never();
  }

  async call<Answer>(name: string, effect: () => Promise<Answer>): Promise<Answer> {
    await this.pass(`before ${name}`);
    const answer = await effect().then((value) => ({ value }), (error: unknown) => ({ error }));
    await this.pass(`after ${name}`);
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  /** A port whose named methods go through the gate. */
  private gated<Port extends object>(port: Port, name: string, methods: readonly (keyof Port & string)[]): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return (methods as readonly string[]).includes(String(property)) ? (...args: unknown[]) => this.call(`${name}.${String(property)}`, () => bound(...args)) : bound;
      },
    });
  }

  registry(registry: SchemaSource): SchemaSource { return this.gated(registry, 'registry', ['latest', 'byId']); }
  ledger(ledger: LedgerStore): LedgerStore { return this.gated(ledger, 'ledger', ['claim', 'readLedger', 'apply', 'readBucket', 'forget']); }
  figures(reader: FigureReader): FigureReader {
    return this.gated(reader, 'figures', ['manifest', 'readFigures', 'readCells', 'changes', 'changesLength', 'acknowledgeChanges', 'holdLease', 'releaseLease', 'note', 'setNote', 'unlink', 'unlinkIndex', 'dropChanges']);
  }

  directory(store: DirectoryStore): DirectoryStore { return this.gated(store, 'directory', ['read', 'write']); }

  closed(store: ClosedStore): ClosedStore {
    return this.gated(store, 'closed', ['copy', 'copied', 'discardCopies', 'put', 'seal', 'unseal', 'seals', 'readClosed', 'readClosedCells', 'frozenSizes', 'frozenNames']);
  }

  log(log: MemoryLog): Log {
    return {
      source: (stage, topics, namespace) => {
        const source = log.source(stage, topics, namespace);
        this.sources.push(source);
        return this.source(source);
      },
      tail: (topics, each, from): Promise<TailReader> => this.call('log.tail', () => log.tail(topics, (...record) => { if (this.alive) each(...record); }, from)),
      sink: async (): Promise<Sink> => this.gated(await log.sink(), 'sink', ['send']),
      inspector: async (): Promise<LogInspector> => this.gated(await log.inspector(), 'inspector', ['offsets', 'committed', 'members', 'read', 'readAll', 'readRanges']),
      partitionOf: (key, partitions) => log.partitionOf(key, partitions),
      close: () => log.close(),
    };
  }

  private source(source: MemorySource): Source {
    return {
      start: (handlers) => this.call('source.start', () => source.start(this.handlers(handlers))),
      commit: (positions) => this.call('source.commit', () => source.commit(positions)),
      seek: (position) => source.seek(position),
      restart: () => source.restart(),
      stop: () => this.call('source.stop', () => source.stop()),
    };
  }

  /** The client calls these at once, in order; a frozen one when it wakes, if nothing has come in between. What may take time comes after: room for the next batch, so that partitions overtake each other. */
  private handlers(handlers: SourceHandlers): SourceHandlers {
    return {
      revoked: () => {
        this.rebalances++;
        if (this.thawed) this.unheard = () => handlers.revoked();
        else handlers.revoked();
      },
      assigned: async (partitions, committed) => {
        const { rebalances, expulsions } = this;
        await this.awake();
        if (rebalances !== this.rebalances || expulsions !== this.expulsions) return [];
        this.hear();
        const starts = await handlers.assigned(partitions, committed);
        await this.pass('after source.assigned');
        return starts;
      },
      fetched: async (batch) => {
        const { rebalances } = this;
        await this.awake();
        if (rebalances !== this.rebalances) return;
        await handlers.fetched(batch);
        await this.pass('after source.fetched');
      },
    };
  }
}
