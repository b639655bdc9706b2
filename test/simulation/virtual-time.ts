/**
 * Time and order of a simulated run: timers and immediates of everything in this process wait in one list, and
 * what is due at the same instant runs in an order drawn from the seed. Nothing takes time by itself, so that
 * minutes of waiting are milliseconds, and the same seed is the same run. Both clocks of the process are virtual, the
 * wall's and the monotonic one, each with an origin of its own: who mixes them up waits for decades.
 */
import type { Random } from '../../services/generate/random';

interface Task { readonly dueMs: number; readonly run: () => void }
type Callback = (...args: unknown[]) => void;

const real = { setTimeout, clearTimeout, setImmediate, clearImmediate, now: Date.now };
const realMonotonicMs = performance.now.bind(performance);
/** Promises settle in between: everything that a task has set off is through. */
const settled = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

export class VirtualTime {
  private readonly tasks = new Map<number, Task>();
  private number = 0;

  constructor(private readonly random: Random, private nowMs: number) {}

  get now(): number { return this.nowMs; }

  install(): void {
    const schedule = (milliseconds: number, callback: Callback, args: unknown[]): number => {
      this.tasks.set(++this.number, { dueMs: this.nowMs + Math.max(0, milliseconds), run: () => callback(...args) });
      return this.number;
    };
    const cancel = (handle: unknown): void => { this.tasks.delete(handle as number); };
    Object.assign(globalThis, {
      setTimeout: (callback: Callback, milliseconds = 0, ...args: unknown[]) => schedule(Math.max(1, milliseconds), callback, args),
      setImmediate: (callback: Callback, ...args: unknown[]) => schedule(0, callback, args),
      clearTimeout: cancel, clearImmediate: cancel,
    });
    const bootMs = this.nowMs;
    Date.now = () => Math.floor(this.nowMs);
    performance.now = () => this.nowMs - bootMs;
  }

  uninstall(): void {
    const { now, ...timers } = real;
    Object.assign(globalThis, timers);
    Date.now = now;
    performance.now = realMonotonicMs;
  }

  /** Runs until `done`, asked between any two tasks. @throws when nothing is left to do, or `limitMs` have passed. */
  async run(done: () => boolean, limitMs: number, what: string): Promise<void> {
    const endMs = this.nowMs + limitMs;
    await settled();
    while (!done()) {
      const task = this.next();
      if (!task) throw new Error(`nothing is left to do, and not ${what}`);
      if (task.dueMs > endMs) throw new Error(`not ${what} within ${limitMs / 1_000} s`);
      this.nowMs = Math.max(this.nowMs, task.dueMs);
      task.run();
      await settled();
    }
  }

  /** One of those that are due first. */
  private next(): Task | undefined {
    let firstMs = Infinity;
    let due: number[] = [];
    for (const [number, { dueMs }] of this.tasks) {
      if (dueMs < firstMs) [firstMs, due] = [dueMs, [number]];
      else if (dueMs === firstMs) due.push(number);
    }
    if (due.length === 0) return undefined;
    const number = due[Math.floor(this.random.next() * due.length)] as number;
    const task = this.tasks.get(number);
    this.tasks.delete(number);
    return task;
  }
}
