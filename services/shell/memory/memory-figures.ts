/**
 * The figures' server in memory: the same keys, types and scripts as Redis, so that whole states can be
 * compared. Each script is one synchronous method. Data of all namespaces can be set back to one moment,
 * as a failover does it: claims, tokens, positions, change lists, everything.
 */
import type { MemoryUse, PositionOf } from '../figure-store';
import type { TopicPartition } from '../ports';
import type { Keys } from '../redis/keys';

export type HashFields = Map<string, string | Buffer>;
/** Fields of a hash of cells as of now. */
export const textFields = (fields: HashFields | undefined): Map<string, string> => new Map([...(fields ?? [])].map(([field, value]) => [field, String(value)]));
export interface StreamEntry { readonly id: string; readonly changed: string }
interface Stream { entries: StreamEntry[]; lastMs: number; lastSequence: number }
interface Lease { readonly holder: string; readonly untilMs: number }

export interface FiguresState {
  readonly hashes: Map<string, HashFields>;
  readonly strings: Map<string, string>;
  /** Parts of the index of days. */
  readonly indexes: Map<string, Buffer>;
  readonly streams: Map<string, Stream>;
  readonly leases: Map<string, Lease>;
}

/** An answer did not come: the caller tries again, as the real one does. */
export class StoreAway extends Error {}

const emptyState = (): FiguresState => ({ hashes: new Map(), strings: new Map(), indexes: new Map(), streams: new Map(), leases: new Map() });
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const integerForm = /^(0|-?[1-9]\d*)$/;

/** What HINCRBY takes for a number; undefined otherwise. */
function int64(text: string): bigint | undefined {
  if (!integerForm.test(text)) return undefined;
  const value = BigInt(text);
  return value > INT64_MAX || value < INT64_MIN ? undefined : value;
}

export class MemoryFigures {
  private state = emptyState();
  private listeners: (() => void)[] = [];
  private repliesToLose = 0;
  private up = true;
  /** Out of memory: nothing that takes room is carried out. */
  full = false;
  /** What it says of its memory while it is not full: nobody measures it here. */
  memoryUse: MemoryUse = { usedBytes: 0, mostBytes: 0 };

  /** `now`: the server's clock, ms. */
  constructor(readonly now: () => number = () => Date.now()) {}

  get data(): FiguresState { return this.state; }

  /** Everything as of now, to be given to `restore`, again and again. */
  snapshot(): FiguresState { return structuredCopy(this.state); }

  /** A failover: the server goes back to one moment, all namespaces at once. */
  restore(snapshot: FiguresState): void { this.state = structuredCopy(snapshot); }

  /** FLUSHALL. */
  flush(): void { this.state = emptyState(); }

  goAway(): void { this.up = false; }

  comeBack(): void {
    this.up = true;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener();
  }

  /** The next calls are carried out, and their answers are lost. */
  loseReplies(count: number): void { this.repliesToLose += count; }

  /** Resolves when the server is there again, or after `milliseconds`. */
  async reachable(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.listeners.push(() => { clearTimeout(timer); resolve(); });
    });
  }

  /** One script or command. @throws StoreAway when there is no answer, whether or not it was carried out. */
  run<Answer>(call: (state: FiguresState) => Answer): Answer {
    if (!this.up) throw new StoreAway('connection refused');
    const answer = call(this.state);
    if (this.repliesToLose > 0) {
      this.repliesToLose--;
      throw new StoreAway('the reply was lost');
    }
    return answer;
  }

  /** Stored positions of topic partitions; '' where there is none. */
  positionsOf(keys: Keys, targets: readonly TopicPartition[]): PositionOf[] {
    return targets.map((target) => ({ ...target, position: String(this.field(keys.position(target), 'position') ?? '') }));
  }

  hash(key: string): HashFields {
    let fields = this.state.hashes.get(key);
    if (!fields) this.state.hashes.set(key, (fields = new Map<string, string | Buffer>()));
    return fields;
  }

  field(key: string, name: string): string | Buffer | undefined { return this.state.hashes.get(key)?.get(name); }

  /** HINCRBY; answers the server's error text, undefined when done. */
  increment(key: string, name: string, amount: string): string | undefined {
    if (this.full) return "OOM command not allowed when used memory > 'maxmemory'.";
    const delta = int64(amount);
    if (delta === undefined) return 'ERR value is not an integer or out of range';
    const before = int64(String(this.field(key, name) ?? '0'));
    if (before === undefined) return 'ERR hash value is not an integer';
    const after = before + delta;
    if (after > INT64_MAX || after < INT64_MIN) return 'ERR increment or decrement would overflow';
    this.hash(key).set(name, after.toString());
    return undefined;
  }

  /** Writes of a script that did not begin with an increment: the real server refuses them when it is full. */
  mustHaveRoom(): void { if (this.full) throw new StoreAway("OOM command not allowed when used memory > 'maxmemory'."); }

  /** `most`: entries that the list keeps; the oldest go. */
  appendChange(key: string, changed: string, most: number): void {
    let stream = this.state.streams.get(key);
    if (!stream) this.state.streams.set(key, (stream = { entries: [], lastMs: 0, lastSequence: 0 }));
    const nowMs = this.now();
    stream.lastSequence = nowMs > stream.lastMs ? 0 : stream.lastSequence + 1;
    stream.lastMs = Math.max(nowMs, stream.lastMs);
    stream.entries.push({ id: `${stream.lastMs}-${stream.lastSequence}`, changed });
    if (stream.entries.length > most) stream.entries.shift();
  }

  /** Every hash and string of a namespace, for comparison with a real server. */
  dump(keys: Keys): Map<string, string | Record<string, string>> {
    const all = new Map<string, string | Record<string, string>>();
    for (let shard = 0; shard < keys.shards; shard++) {
      const prefix = keys.prefix(shard);
      for (const [key, value] of this.state.strings) if (key.startsWith(prefix)) all.set(key, value);
      for (const [key, value] of this.state.indexes) if (key.startsWith(prefix)) all.set(key, value.toString('hex'));
      for (const [key, fields] of this.state.hashes) {
        if (key.startsWith(prefix)) all.set(key, Object.fromEntries([...fields].map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value])));
      }
    }
    return all;
  }
}

function structuredCopy(state: FiguresState): FiguresState {
  return {
    hashes: new Map([...state.hashes].map(([key, fields]) => [key, new Map<string, string | Buffer>(fields)])),
    strings: new Map(state.strings),
    indexes: new Map(state.indexes),
    streams: new Map([...state.streams].map(([key, stream]) => [key, { ...stream, entries: [...stream.entries] }])),
    leases: new Map(state.leases),
  };
}
