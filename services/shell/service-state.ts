/** What a service says of itself: once a second in <home>/run/<name>.json, and on /state; it is known however ill the others are. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../limits';

export const stateNames = ['starting', 'running', 'waiting', 'halted', 'stopping'] as const;
export type StateName = (typeof stateNames)[number];
export interface ServiceState {
  readonly name: string;
  readonly pid: number;
  readonly state: StateName;
  /** Why it waits or has halted. */
  readonly reason?: string;
  readonly newestEventAt: number | null;
  readonly updatedAt: number;
  /** Partitions that are not read, and why. */
  readonly stoppedPartitions?: Readonly<Record<string, string>>;
  /** What checks of the service have found, by check. */
  readonly alarms?: Readonly<Record<string, string>>;
}

export const stateFile = (home: string, name: string): string => join(home, 'run', `${name}.json`);

export class StateReporter {
  private current: { state: StateName; reason?: string } = { state: 'starting' };
  private trouble: string | undefined;
  private readonly stopped: Record<string, string> = {};
  private readonly waits: Record<string, string> = {};
  private readonly alarms: Record<string, string> = {};
  newestEventAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly home: string, private readonly name: string) {}

  start(): void {
    mkdirSync(join(this.home, 'run'), { recursive: true });
    this.write();
    this.timer = setInterval(() => this.write(), limits.stateWriteMs);
    this.timer.unref();
  }

  set(state: StateName, reason?: string): void {
    if (this.current.state === state && this.current.reason === reason) return;
    this.current = reason === undefined ? { state } : { state, reason };
    this.write();
  }

  /** A neighbour is away, or (undefined) is back. */
  readonly onTrouble = (trouble: string | undefined): void => { this.trouble = trouble; };

  /** What it waits for; undefined: nothing. */
  get waitingFor(): string | undefined {
    const [wait] = Object.entries(this.waits);
    return this.trouble ?? (wait && `${wait[0]} ${wait[1]}`);
  }

  partitionStopped(partition: string, reason: string | undefined): void {
    delete this.waits[partition];
    if (reason === undefined) delete this.stopped[partition];
    else this.stopped[partition] = reason;
  }

  /** The partition is not read for now, and will be without anybody's help. */
  partitionWaits(partition: string, reason: string): void { this.waits[partition] = reason; }

  /** A neighbour of a service without partitions is away; undefined: it is back. */
  neighbourWaits(neighbour: string, reason: string | undefined): void {
    if (reason === undefined) delete this.waits[neighbour];
    else this.waits[neighbour] = reason;
  }

  /** The partitions are others' now: what was said of them is theirs to say. */
  partitionsRevoked(): void {
    for (const said of [this.stopped, this.waits]) for (const partition of Object.keys(said)) delete said[partition];
  }

  /** What a check has found; undefined: all is well again. */
  alarm(check: string, finding: string | undefined): void {
    if (finding === undefined) delete this.alarms[check];
    else this.alarms[check] = finding;
  }

  get stoppedPartitions(): Readonly<Record<string, string>> { return this.stopped; }
  get currentAlarms(): Readonly<Record<string, string>> { return this.alarms; }

  /** What it says now. */
  get said(): ServiceState {
    const { state, reason } = this.current;
    const { waitingFor } = this;
    const waiting = state === 'running' && waitingFor !== undefined;
    return {
      name: this.name, pid: process.pid, state: waiting ? 'waiting' : state,
      ...(waiting ? { reason: waitingFor } : reason === undefined ? {} : { reason }),
      newestEventAt: this.newestEventAt || null, updatedAt: Date.now(),
      ...(Object.keys(this.stopped).length > 0 ? { stoppedPartitions: this.stopped } : {}),
      ...(Object.keys(this.alarms).length > 0 ? { alarms: this.alarms } : {}),
    };
  }

  private write(): void {
    const shown = this.said;
    try {
      const file = stateFile(this.home, this.name);
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(shown));
      renameSync(`${file}.${process.pid}`, file);
    } catch { /* a full disk must not stop the figures; status then shows the service as not reporting */ }
  }

  stop(): void {
    clearInterval(this.timer);
    this.set('stopping');
  }
}
