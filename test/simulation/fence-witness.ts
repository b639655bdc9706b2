/**
 * Watches the store: figures change only by the hand of who claimed last, and only from where it stood. Token and
 * position cover each other in what comes out of them, as equal positions mean equal figures; so that one of them
 * alone may fail without a wrong figure. Both are promised.
 */
import type { MemoryFigures } from '../../services/shell/memory/memory-figures';
import { MemoryLedgerStore } from '../../services/shell/memory/memory-ledger-store';
import type { MemoryStore } from '../../services/shell/memory/memory-store';
import type { TopicPartition } from '../../services/shell/ports';

const BUCKETS = 16;
const MOST_BREACHES = 20;

export class FenceWitness {
  readonly breaches: string[] = [];

  constructor(private readonly store: MemoryStore) {}

  /** The store of one process; each `apply` is looked at in the instant in which it is carried out, whether or not its answer arrives. */
  ledger(): MemoryLedgerStore {
    const ledger = this.store.ledger();
    ledger.apply = (target, token, expected, next, change) =>
      new MemoryLedgerStore(this.watched(target, token, expected), this.store.keys, BUCKETS).apply(target, token, expected, next, change);
    return ledger;
  }

  private watched(target: TopicPartition, token: string, expected: string): MemoryFigures {
    const { figures, keys } = this.store;
    const key = keys.position(target);
    const fieldOf = (name: string): string => String(figures.field(key, name) ?? '');
    const run: MemoryFigures['run'] = (call) => {
      const [owner, position] = [fieldOf('token'), fieldOf('position')];
      try {
        return figures.run(call);
      } finally {
        const changed = fieldOf('position') !== position;
        if (changed && owner !== token) this.tell(`${key}: changed by ${token}, while it was claimed by ${owner}`);
        if (changed && position !== expected) this.tell(`${key}: changed by who took it to stand at ${expected}, while it stood at ${position}`);
      }
    };
    return new Proxy(figures, { get: (of, name) => (name === 'run' ? run : Reflect.get(of, name, of)) });
  }

  private tell(breach: string): void { if (this.breaches.length < MOST_BREACHES) this.breaches.push(breach); }
}
