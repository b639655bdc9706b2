/**
 * The console as officers have it: started by the supervisor beside all other services, on a native stack, over ten weeks
 * of declarations of which the last hours come in while one looks.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertDecision } from '../../services/alerts/decision';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { decisionTopic } from '../../services/topology';
import { RunningSystem } from './running-system';

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
const HISTORY = { events: 3_000, days: 70 };
/** The last third of a day's file is its last hours, and what comes in late: eight minutes of traffic, as pages take so long on a busy machine. */
const NEWEST_DAY = { events: 9_000, live: 3_000 };
const LIVE_RATE = '6';

/** Kinshasa has kept UTC+1 since 1920. */
const monthOf = (milliseconds: number): string => new Date(milliseconds + HOUR_MS).toISOString().slice(0, 7);

export interface FiguresAnswer { readonly by: readonly string[]; readonly status: string; readonly rows: readonly object[]; readonly totals: Readonly<Record<string, unknown>> }

export class LiveConsole {
  readonly system: RunningSystem;
  private readonly untilMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  /** Five weeks back is a month that is over, whatever day it is; so is the one before. */
  readonly signable = monthOf(this.untilMs - 36 * DAY_MS);
  readonly closed = monthOf(Date.parse(`${this.signable}-01T00:00:00Z`) - DAY_MS);
  readonly current = monthOf(this.untilMs);
  private feeding: ChildProcess | undefined;
  private token: string | undefined;

  constructor(lane: number) { this.system = new RunningSystem(lane, { TIDEWAITER_PROFILE: 'CD' }); }

  get base(): string { return this.system.config.consoleUrl; }

  /** Everything up to some hours ago is counted, and the older month is closed. */
  async start(): Promise<void> {
    await this.system.start();
    const day = readFileSync(this.generated('newest-day', NEWEST_DAY.events, 1, this.untilMs), 'utf8').split(/(?<=\n)/);
    writeFileSync(this.file('live'), day.slice(-NEWEST_DAY.live).join(''));
    writeFileSync(this.file('before'), day.slice(0, -NEWEST_DAY.live).join(''));
    this.generated('history', HISTORY.events, HISTORY.days, this.untilMs - DAY_MS);
    for (const name of ['history', 'before']) this.system.done('feed', this.file(name), '--format', 'ndjson');
    this.system.drain(120);
    await this.system.until(`${this.closed} is closed`, () => this.system.cli('close', 'month', this.closed, '--by', 'N. Mbala').status === 0);
    this.feeding = this.system.launch('feed', this.file('live'), '--format', 'ndjson', '--rate', LIVE_RATE);
  }

  /** Traffic ends, and everything that came is counted. */
  async quiet(): Promise<void> {
    const { feeding } = this;
    if (feeding?.exitCode === null) {
      const ended = new Promise((next) => feeding.once('exit', next));
      feeding.kill('SIGTERM');
      await ended;
    }
    this.system.drain(120);
  }

  async stop(): Promise<void> {
    this.feeding?.kill('SIGKILL');
    await this.system.stop();
  }

  /** An address that signs in with all roles: as the demo prints it, or as often as somebody likes. */
  address(name: string, ...how: readonly '--once'[]): string {
    return this.system.done('console', 'token', '--name', name, '--roles', 'viewer,analyst,enforcement,operator', ...how).trim();
  }

  /** What the console answers to programs. */
  async ask<Answer>(path: string): Promise<Answer> {
    this.token ??= this.address('a program').split('#token=')[1] as string;
    const answer = await fetch(`${this.base}/api/v1${path}`, { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  query(view: string, period: string, by: string): FiguresAnswer {
    return JSON.parse(this.system.done('query', view, '--period', period, '--by', by, '--json')) as FiguresAnswer;
  }

  /** As other programs read them: from their topic. */
  async decisions(): Promise<AlertDecision[]> {
    const type = avroType(topicSchema(decisionTopic));
    const decisions: AlertDecision[] = [];
    const inspector = await this.system.log().inspector();
    await inspector.readAll(decisionTopic, (_partition, { value }) => { if (value) decisions.push(type.fromBuffer(value.subarray(FRAME_BYTES)) as AlertDecision); });
    await inspector.close();
    return decisions;
  }

  private file(name: string): string { return join(this.system.home, `${name}.ndjson`); }

  private generated(name: string, events: number, days: number, untilMs: number): string {
    this.system.done('generate', '--count', String(events), '--seed', `console ${name}`, '--days', String(days), '--until', new Date(untilMs).toISOString(), '--out', this.file(name));
    return this.file(name);
  }
}
