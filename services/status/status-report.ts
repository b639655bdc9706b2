/** What `status` says, from whatever has answered in time: pure. */
import type { SaidState } from '../shell/states/service-states';

export type Lag = Readonly<Record<string, number>>;
export interface Books {
  readonly raw: number | null;
  readonly counted: number | null;
  readonly leftOut: number | null;
  readonly refused: number | null;
  readonly ignored: number | null;
  readonly balanced: boolean | null;
  readonly leftOutByCode: Readonly<Record<string, number>>;
  readonly refusedByCode: Readonly<Record<string, number>>;
}
export interface ServiceStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly state: string;
  readonly lag: Lag | null;
  readonly newestEventAt: string | null;
  readonly reason?: string;
  readonly stoppedPartitions?: Readonly<Record<string, string>>;
  readonly alarms?: Readonly<Record<string, string>>;
  /** Processes that share the work, where there are several: state and reasons are of all of them. */
  readonly replicas?: number;
  /** It moves no declarations and can be behind in none. */
  readonly withoutLag?: true;
}
export interface StatusReport { readonly services: readonly ServiceStatus[]; readonly books: Books; readonly drained: boolean; /** Positions outside their log, in words. */ readonly outside: readonly string[] }

/** Undefined: the neighbour has not answered. */
export interface StatusFindings {
  readonly lags: ReadonlyMap<string, Lag>;
  /** How many records were ever written to what a service reads. */
  readonly produced: ReadonlyMap<string, number>;
  /** Positions outside their log, in words. */
  readonly outside: readonly string[];
  /** Raw records: offsets behind which something was sent, less those that hold no record. */
  readonly raw: number | undefined;
  readonly bookFields: ReadonlyMap<string, string> | undefined;
  /** Null: nothing was promoted; undefined: not known. */
  readonly promoted?: PromotedStatus | null | undefined;
}
/** The namespace that everybody reads, and how many count into it. */
export interface PromotedStatus { readonly namespace: string; readonly workers: number }

/** `said`: by service; `flow`: those that move declarations. */
export function statusReport(names: readonly string[], said: ReadonlyMap<string, SaidState>, findings: StatusFindings, flow: readonly string[]): StatusReport {
  const { promoted } = findings;
  const services = names.map((name) => ({ ...serviceStatus(name, said.get(name), findings.lags.get(name) ?? null), ...(flow.includes(name) ? {} : { withoutLag: true as const }) }));
  return {
    services: promoted ? [...services, replayStatus(promoted, findings.lags.get('replay') ?? null)] : services,
    books: booksOf(findings),
    outside: findings.outside,
    drained: findings.outside.length === 0 && promoted !== undefined && [...flow, ...(promoted ? ['replay'] : [])].every((name) => { const lag = findings.lags.get(name); return lag !== undefined && Object.values(lag).every((records) => records === 0); }),
  };
}

/** Its workers run wherever somebody has started them: the group knows how many there are. */
function replayStatus({ namespace, workers }: PromotedStatus, lag: Lag | null): ServiceStatus {
  const service = { name: 'replay', pid: null, lag, newestEventAt: null };
  if (workers === 0) return { ...service, state: 'down', reason: `everybody reads the figures of ${namespace}, and nobody counts into them: start "tidewaiter replay follow"; see infra/runbooks/promoted-figures-stand-still.md` };
  return { ...service, state: 'running', reason: `counts into ${namespace}, which everybody reads`, ...(workers > 1 ? { replicas: workers } : {}) };
}

function serviceStatus(name: string, said: SaidState | undefined, lag: Lag | null): ServiceStatus {
  if (!said) return { name, pid: null, state: 'down', lag, newestEventAt: null };
  const { pid, state, newestEventAt, reason, stoppedPartitions, alarms, replicas } = said;
  return {
    name, pid, state, lag, newestEventAt: newestEventAt === null ? null : new Date(newestEventAt).toISOString(),
    ...(reason === undefined ? {} : { reason }),
    ...(stoppedPartitions === undefined ? {} : { stoppedPartitions }),
    ...(alarms === undefined ? {} : { alarms }),
    ...(replicas === undefined ? {} : { replicas }),
  };
}

/** Everything of a service that needs somebody, in words; a neighbour that is away needs no one here. */
export function needsSomebody(name: string, said: SaidState | undefined): string[] {
  const because = said?.reason === undefined ? '' : `: ${said.reason}`;
  if (!said || said.state === 'down') return [`${name} does not run${because}`];
  const { state, stoppedPartitions = {}, alarms = {} } = said;
  return [
    ...(state === 'silent' || state === 'halted' ? [`${name} is ${state}${because}`] : []),
    ...Object.entries(stoppedPartitions).map(([partition, why]) => `${name} has stopped at ${partition}: ${why}`),
    ...Object.values(alarms).map((finding) => `${name}: ${finding}`),
  ];
}

function booksOf({ raw, bookFields }: StatusFindings): Books {
  if (!bookFields) return { raw: raw ?? null, counted: null, leftOut: null, refused: null, ignored: null, balanced: null, leftOutByCode: {}, refusedByCode: {} };
  const of = (name: string): number => Number(bookFields.get(name) ?? 0);
  const [counted, leftOut, refused, ignored] = [of('counted'), of('leftOut'), of('refused'), of('ignored')];
  return {
    raw: raw ?? null, counted, leftOut, refused, ignored,
    balanced: raw === undefined ? null : raw === counted + leftOut + refused + ignored,
    leftOutByCode: byCode(bookFields, 'leftOut:'), refusedByCode: byCode(bookFields, 'refused:'),
  };
}

const byCode = (fields: ReadonlyMap<string, string>, prefix: string): Record<string, number> =>
  Object.fromEntries([...fields].filter(([field]) => field.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, value]) => [field.slice(prefix.length), Number(value)]));
