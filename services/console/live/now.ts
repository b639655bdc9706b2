/** The first page: what is being declared, collected, refused and flagged. Windows end at the newest event, as those of `query` do. */
import type { QueryRequest } from '../../query/answer-query';
import { limits } from '../../limits';
import type { CountsOfMinute, Figures } from './figures';
import { Fresh } from './fresh';
import type { Light } from './light';

/** Null: no kept figure answers. */
type Amount = string | null;
export interface NowReport {
  readonly at: string;
  readonly light: Light;
  readonly declarationsPerMinute: number;
  readonly perMinute: readonly { readonly minute: string; readonly declarations: number }[];
  readonly revenue: { readonly currency: string; readonly today: Amount; readonly lastHour: Amount; readonly last24Hours: Amount; readonly hourWeekEarlier: Amount; readonly last24HoursWeekEarlier: Amount };
  readonly refusals: Counted;
  readonly alerts: Counted;
  readonly newestEventAt: string | null;
  readonly newestEventAgeMs: number | null;
  readonly status: string;
}
interface Counted { readonly lastHour: number; readonly last24Hours: number | null }
interface SlowFigures { readonly last24Hours: Amount; readonly hourWeekEarlier: Amount; readonly last24HoursWeekEarlier: Amount; readonly refusals: number | null; readonly alerts: number | null }

const SHOWN_MINUTES = 60;
/** Whole minutes that the rate is taken over: the newest one is not over yet. */
const RATE_MINUTES = 5;
const WEEK_MS = 7 * 24 * 3_600_000;

export class Now {
  private readonly slow: Fresh<SlowFigures>;
  private atMs = 0;

  constructor(private readonly figures: Figures, private readonly light: (catchingUp: boolean) => Promise<Light>, private readonly nowMs: () => number) {
    this.slow = new Fresh(() => this.slowFigures(this.atMs), limits.consoleSlowFiguresMs);
  }

  async report(): Promise<NowReport> {
    const { streamTimeMs } = await this.figures.position();
    const nowMs = this.nowMs();
    this.atMs = streamTimeMs === 0 ? nowMs : Math.min(streamTimeMs, nowMs);
    /** At once, as a busy store lets each call wait. */
    const [minutes = [], lastHour, today, { refusals, alerts, ...slow }] = await Promise.all([
      this.figures.operationsByMinute(this.atMs, SHOWN_MINUTES), this.revenue('rolling', '1h', this.atMs), this.revenue('day', this.figures.calendar.keysOf(this.atMs).day, undefined), this.slow.recent(2 * limits.consoleSlowFiguresMs),
    ]);
    return {
      at: new Date(nowMs).toISOString(), light: await this.light(lastHour.status === 'catching-up'),
      declarationsPerMinute: rateOf(minutes), perMinute: minutes.map(({ minute, declarations }) => ({ minute, declarations })),
      revenue: { currency: this.figures.currency, today: today.assessed, lastHour: lastHour.assessed, ...slow },
      refusals: { lastHour: sum(minutes, 'refused'), last24Hours: refusals }, alerts: { lastHour: sum(minutes, 'alerts'), last24Hours: alerts },
      newestEventAt: streamTimeMs === 0 ? null : new Date(streamTimeMs).toISOString(), newestEventAgeMs: streamTimeMs === 0 ? null : nowMs - streamTimeMs,
      status: today.status,
    };
  }

  private async slowFigures(atMs: number): Promise<SlowFigures> {
    const operations = await this.ask({ view: 'operations', by: [], where: {}, period: { kind: 'rolling', value: '24h' }, atMs });
    return {
      last24Hours: (await this.revenue('rolling', '24h', atMs)).assessed,
      hourWeekEarlier: (await this.revenue('rolling', '1h', atMs - WEEK_MS)).assessed,
      last24HoursWeekEarlier: (await this.revenue('rolling', '24h', atMs - WEEK_MS)).assessed,
      refusals: numberOf(operations?.totals['refused']), alerts: numberOf(operations?.totals['alerts']),
    };
  }

  private async revenue(kind: 'rolling' | 'day', value: string, atMs: number | undefined): Promise<{ readonly assessed: Amount; readonly status: string }> {
    const answer = await this.ask({ view: 'revenue', by: [], where: {}, period: { kind, value }, ...(atMs === undefined ? {} : { atMs }) });
    const assessed = answer?.totals['assessed'];
    return { assessed: typeof assessed === 'string' ? assessed : null, status: answer?.status ?? 'provisional' };
  }

  private async ask(request: QueryRequest): Promise<Extract<Awaited<ReturnType<Figures['answer']>>, { totals: unknown }> | undefined> {
    const outcome = await this.figures.answer(request);
    return 'totals' in outcome ? outcome : undefined;
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const sum = (minutes: readonly CountsOfMinute[], measure: 'refused' | 'alerts'): number => minutes.reduce((total, counts) => total + counts[measure], 0);

/** Declarations a minute over the last whole minutes, to one decimal. */
export function rateOf(minutes: readonly { readonly declarations: number }[]): number {
  const whole = minutes.slice(-RATE_MINUTES - 1, -1);
  return whole.length === 0 ? 0 : Math.round((whole.reduce((total, { declarations }) => total + declarations, 0) / whole.length) * 10) / 10;
}
