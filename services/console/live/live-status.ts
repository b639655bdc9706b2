/** `tidewaiter status`, with how far behind each service is in time, and how long each topic is. One reader for all who ask. */
import { limits } from '../../limits';
import type { FigureReader } from '../../shell/figure-store';
import type { LogInspector } from '../../shell/ports';
import type { ServiceStates } from '../../shell/states/service-states';
import { within } from '../../shell/within';
import { serviceNames } from '../../status/service-names';
import { statusFindings, type StatusPorts } from '../../status/status-findings';
import { statusReport, type ServiceStatus, type StatusReport } from '../../status/status-report';
import { stageNames, topics } from '../../topology';
import { LagClock } from './lag-clock';
import { LagHistory, type LagTrend } from './lag-trend';

export interface TimedService extends ServiceStatus { readonly lagDeclarations: number | null; readonly lagSeconds: number | null; readonly lagTrend: LagTrend }
export interface TopicLength { readonly name: string; readonly partitions: readonly { readonly partition: number; readonly start: number; readonly end: number }[] }
export interface ConsoleStatus extends StatusReport { readonly services: readonly TimedService[]; readonly topics: readonly TopicLength[] | null }

export interface StatusSources {
  readonly states: ServiceStates;
  readonly inspector: () => Promise<LogInspector>;
  readonly reader: FigureReader;
  /** Undefined: what the live services count is read. */
  readonly promoted: StatusPorts['promoted'];
  readonly nowMs: () => number;
}

export class LiveStatus {
  private readonly clocks = new Map<string, LagClock>();
  private readonly histories = new Map<string, LagHistory>();

  constructor(private readonly sources: StatusSources) {}

  async report(): Promise<ConsoleStatus> {
    const { states, reader, promoted, nowMs } = this.sources;
    const [findings, said] = await Promise.all([statusFindings({ inspector: () => this.sources.inspector(), reader: () => reader, promoted }, limits.statusTimeoutMs), states.read()]);
    for (const [name, produced] of findings.produced) this.clockOf(name).sample(nowMs(), produced);
    const report = statusReport(serviceNames(), said, findings, stageNames);
    return { ...report, services: report.services.map((service) => this.timed(service)), topics: await this.lengths().catch(() => null) };
  }

  private timed(service: ServiceStatus): TimedService {
    const lagDeclarations = service.lag === null ? null : Object.values(service.lag).reduce((sum, records) => sum + records, 0);
    const lagSeconds = lagDeclarations === null ? null : (this.clocks.get(service.name)?.lagSeconds(lagDeclarations) ?? null);
    const history = this.histories.get(service.name) ?? new LagHistory();
    this.histories.set(service.name, history);
    if (service.lag !== null) history.add({ atMs: this.sources.nowMs(), lag: service.lag });
    return { ...service, lagDeclarations, lagSeconds, lagTrend: history.trend(lagSeconds) };
  }

  private clockOf(name: string): LagClock {
    let clock = this.clocks.get(name);
    if (!clock) this.clocks.set(name, (clock = new LagClock(limits.lagSamples)));
    return clock;
  }

  private async lengths(): Promise<TopicLength[]> {
    const inspector = await within(limits.statusTimeoutMs, this.sources.inspector());
    return within(limits.statusTimeoutMs, Promise.all(topics.map(async ({ name }) => ({ name, partitions: (await inspector.offsets(name)).map(({ partition, start, end }) => ({ partition, start, end })) }))));
  }
}
