/** Green, amber or red, and why: what an officer must know before believing the page. Pure. */
import type { ServiceStatus, StatusReport } from '../../status/status-report';

export type Level = 'green' | 'amber' | 'red';
export interface Finding { readonly code: string; readonly level: Exclude<Level, 'green'>; readonly text: { readonly en: string; readonly fr: string }; readonly runbook?: string }
export interface Light { readonly level: Level; readonly findings: readonly Finding[] }

export type FindingCode = 'status-unknown' | 'service-down' | 'service-silent' | 'replica-silent' | 'service-halted' | 'service-waiting' | 'partition-stopped' | 'alarm' | 'outside-log' | 'books' | 'catching-up' | 'lag' | 'neighbour-away';
interface Kind { readonly level: Finding['level']; readonly runbook?: string }

/** Runbooks are files of infra/runbooks. */
export const kinds: Readonly<Record<FindingCode, Kind>> = {
  'status-unknown': { level: 'amber', runbook: 'neighbour-away' },
  'service-down': { level: 'red', runbook: 'service-down' },
  'service-silent': { level: 'red', runbook: 'service-down' },
  'replica-silent': { level: 'red', runbook: 'service-down' },
  'service-halted': { level: 'red', runbook: 'stage-halted-refusals' },
  'service-waiting': { level: 'amber', runbook: 'neighbour-away' },
  'partition-stopped': { level: 'red' },
  'alarm': { level: 'red', runbook: 'figures-disagree' },
  'outside-log': { level: 'red', runbook: 'partition-stopped-hole' },
  'books': { level: 'red', runbook: 'books-do-not-balance' },
  'catching-up': { level: 'amber', runbook: 'catching-up' },
  'lag': { level: 'amber', runbook: 'lag-without-progress' },
  'neighbour-away': { level: 'red', runbook: 'neighbour-away' },
};

/** Behind by more is worth a look: figures are counted within a second. */
const LAG_SECONDS = 60;

export interface LightFacts {
  /** Undefined: nobody has answered in time. */
  readonly status: (Omit<StatusReport, 'services'> & { readonly services: readonly (ServiceStatus & { readonly lagSeconds?: number | null })[] }) | undefined;
  readonly catchingUp: boolean;
  /** Neighbours of the console that do not answer, in words. */
  readonly away: readonly string[];
}
export type FindingText = (key: string, values: Readonly<Record<string, string | number>>) => Finding['text'];

export function lightOf({ status, catchingUp, away }: LightFacts, text: FindingText): Light {
  const findings: Finding[] = [];
  const add = (code: FindingCode, values: Readonly<Record<string, string | number>> = {}): void => { findings.push({ code, ...kinds[code], text: text(`finding.${code}`, values) }); };
  for (const reason of away) add('neighbour-away', { reason });
  if (!status) add('status-unknown');
  for (const service of status?.services ?? []) {
    const { name, state, reason = '', stoppedPartitions = {}, alarms = {}, lagSeconds, replicas = 1 } = service;
    if (state === 'silent' && replicas > 1) add('replica-silent', { service: name, reason });
    else if (state === 'down' || state === 'silent' || state === 'halted' || state === 'waiting') add(`service-${state}`, { service: name, reason });
    for (const [partition, why] of Object.entries(stoppedPartitions)) add('partition-stopped', { service: name, partition, reason: why });
    for (const finding of Object.values(alarms)) add('alarm', { service: name, finding });
    if ((lagSeconds ?? 0) > LAG_SECONDS) add('lag', { service: name, seconds: lagSeconds ?? 0 });
  }
  for (const place of status?.outside ?? []) add('outside-log', { place });
  if (status?.drained && status.books.balanced === false) add('books');
  if (catchingUp) add('catching-up');
  return { level: findings.some(({ level }) => level === 'red') ? 'red' : findings.length > 0 ? 'amber' : 'green', findings };
}
