/** What `status` says, from whatever has answered in time: pure. */
import type { ServiceState } from '../shell/service-state';

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
}
export type SaidState = (Omit<ServiceState, 'pid' | 'state'> & { readonly pid: number | null; readonly state: string }) | undefined;

export function statusReport(names: readonly string[], said: (name: string) => SaidState, findings: StatusFindings, flow: readonly string[]): StatusReport {
  return {
    services: names.map((name) => serviceStatus(name, said(name), findings.lags.get(name) ?? null)),
    books: booksOf(findings),
    outside: findings.outside,
    drained: findings.outside.length === 0 && flow.every((name) => { const lag = findings.lags.get(name); return lag !== undefined && Object.values(lag).every((records) => records === 0); }),
  };
}

function serviceStatus(name: string, said: SaidState, lag: Lag | null): ServiceStatus {
  if (!said) return { name, pid: null, state: 'down', lag, newestEventAt: null };
  const { pid, state, newestEventAt, reason, stoppedPartitions, alarms } = said;
  return {
    name, pid, state, lag, newestEventAt: newestEventAt === null ? null : new Date(newestEventAt).toISOString(),
    ...(reason === undefined || pid === null ? {} : { reason }),
    ...(stoppedPartitions === undefined || pid === null ? {} : { stoppedPartitions }),
    ...(alarms === undefined || pid === null ? {} : { alarms }),
  };
}

/** Everything of a service that needs somebody, in words; a neighbour that is away needs no one here. */
export function needsSomebody(name: string, said: SaidState): string[] {
  if (!said || said.pid === null) return [`${name} does not run`];
  const { state, reason, stoppedPartitions = {}, alarms = {} } = said;
  return [
    ...(state === 'silent' || state === 'halted' ? [`${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`] : []),
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
