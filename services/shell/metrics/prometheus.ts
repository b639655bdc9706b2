/** The measurements of one service as Prometheus reads them: the only code that knows prom-client. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BookCounts, EpochKind, Measurements, PartitionStand, PieceDone, TurnDone } from '../measurements';
import { flow } from '../../topology';
import type { FetchedBatch, OutgoingRecord, TopicPartition } from '../ports';
import { readiness } from '../probes/readiness';
import { stateNames, type StateReporter } from '../service-state';
import { LagEstimate } from './lag-estimate';
import { metricTable, type MetricDeclaration } from './metric-table';

/** What a part of a service shows of itself: at the time of the scrape, and never between. */
const alarmKinds = ['progress', 'self-check', 'other'] as const;
const kindOf = (check: string): (typeof alarmKinds)[number] => alarmKinds.find((kind) => check.startsWith(kind)) ?? 'other';

export class PrometheusMeasurements implements Measurements {
  private readonly registry = new Registry();
  private readonly lag: LagEstimate;
  private readonly recordsRead = this.counter(metricTable.recordsRead);
  private readonly recordsSent = this.counter(metricTable.recordsSent);
  private readonly recordsApplied = this.counter(metricTable.recordsApplied);
  private readonly refused = this.counter(metricTable.refused);
  private readonly batchSeconds = this.histogram(metricTable.batchSeconds);
  private readonly arrivalToFigures = this.histogram(metricTable.arrivalToFigures);
  private readonly scriptSeconds = this.histogram(metricTable.scriptSeconds);
  private readonly scriptFailures = this.counter(metricTable.scriptFailures);
  private readonly registryMisses = this.counter(metricTable.registryMisses);
  private readonly epochChanges = this.counter(metricTable.epochChanges);
  private readonly cellsPublished = this.counter(metricTable.cellsPublished);
  private readonly publishSeconds = this.histogram(metricTable.publishSeconds);
  private readonly leader = this.gauge(metricTable.leader);
  private readonly changesWaiting = this.gauge(metricTable.changesWaiting);
  private readonly books = this.gauge(metricTable.books);
  private readonly booksDifference = this.gauge(metricTable.booksDifference);

  /** `now`: the wall clock (ms), compared with the brokers' stamps. */
  constructor(private readonly service: string, private readonly state: StateReporter, private readonly now: () => number = () => Date.now()) {
    this.lag = new LagEstimate(now);
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    this.showState();
    this.showLag();
    this.leading(undefined);
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  /** The text of /metrics. */
  text(): Promise<string> { return this.registry.metrics(); }
  /** Names with types of all metrics, those of the process among them. */
  describe(): { readonly name: string; readonly type: string }[] {
    return this.registry.getMetricsAsArray().map(({ name, type }) => ({ name, type: String(type) }));
  }

  turn({ batches, records, sent, refused, seconds }: TurnDone): void {
    const [first] = batches;
    if (!first) return;
    for (const batch of batches) this.lag.reached(batch);
    this.recordsRead.inc({ topic: first.topic }, records);
    this.countSent(sent);
    for (const code of refused) this.refused.inc({ code });
    this.batchSeconds.observe({ topic: first.topic }, seconds);
  }

  /** Records of one topic follow each other mostly: added up as long as they do. */
  private countSent(sent: readonly OutgoingRecord[]): void {
    let topic = sent[0]?.topic;
    let count = 0;
    for (const record of sent) {
      if (record.topic !== topic) {
        this.recordsSent.inc({ topic }, count);
        topic = record.topic;
        count = 0;
      }
      count++;
    }
    if (topic !== undefined) this.recordsSent.inc({ topic }, count);
  }

  piece({ topic, records, refused, seconds, arrivedAtMs }: PieceDone): void {
    this.recordsApplied.inc({ topic }, records);
    for (const code of refused) this.refused.inc({ code });
    this.batchSeconds.observe({ topic }, seconds);
    if (arrivedAtMs > 0) this.arrivalToFigures.observe(Math.max(0, this.now() - arrivedAtMs) / 1_000);
  }

  reached(batch: FetchedBatch): void { this.lag.reached(batch); }
  stands(partitions: readonly PartitionStand[]): void { this.lag.stands(partitions); }
  epochChanged({ topic }: TopicPartition, epoch: EpochKind): void { this.epochChanges.inc({ topic, epoch }); }

  script(script: string, seconds: number, failed: boolean): void {
    this.scriptSeconds.observe({ script }, seconds);
    if (failed) this.scriptFailures.inc({ script });
  }

  registryMiss(outcome: 'found' | 'unknown' | 'failed'): void { this.registryMisses.inc({ outcome }); }

  published(cells: number, seconds: number): void {
    this.cellsPublished.inc(cells);
    this.publishSeconds.observe(seconds);
  }

  leading(looked: { readonly changesWaiting: number; readonly books: BookCounts | undefined } | undefined): void {
    this.leader.set(looked ? 1 : 0);
    /** Two publishers must not tell two truths: what another one looks at is its to tell. */
    if (!looked) {
      for (const gauge of [this.changesWaiting, this.booksDifference]) gauge.remove();
      this.books.reset();
      return;
    }
    this.changesWaiting.set(looked.changesWaiting);
    if (!looked.books) return;
    const { raw, counted, leftOut, refused, ignored } = looked.books;
    for (const [book, records] of Object.entries(looked.books)) this.books.set({ book }, records as number);
    this.booksDifference.set(raw - counted - leftOut - refused - ignored);
  }

  private showState(): void {
    const { state } = this;
    this.gauge(metricTable.state, (gauge) => { for (const name of stateNames) gauge.set({ state: name }, name === state.said.state ? 1 : 0); });
    this.gauge(metricTable.ready, (gauge) => gauge.set(readiness(state.said).ready ? 1 : 0));
    this.gauge(metricTable.stoppedPartitions, (gauge) => gauge.set(Object.keys(state.stoppedPartitions).length));
    this.gauge(metricTable.newestEvent, (gauge) => gauge.set(state.newestEventAt / 1_000));
    this.gauge(metricTable.alarms, (gauge) => {
      const checks = Object.keys(state.currentAlarms).map(kindOf);
      for (const check of alarmKinds) gauge.set({ check }, checks.filter((kind) => kind === check).length);
    });
  }

  private showLag(): void {
    this.gauge(metricTable.lagRecords, (gauge) => { gauge.reset(); for (const { topic, partition, records } of this.lag.lags()) gauge.set({ topic, partition }, records); });
    this.gauge(metricTable.lagSeconds, (gauge) => { gauge.reset(); for (const { topic, partition, seconds } of this.lag.lags()) gauge.set({ topic, partition }, seconds); });
  }

  /** A metric that the service never has would show as a zero. */
  private registersOf(of: MetricDeclaration['of']): Registry[] {
    const upstream = flow.some(({ name }) => name === this.service);
    const has = of === 'all' || of === this.service || (of === 'upstream' && upstream) || (of === 'stages' && (upstream || this.service === 'aggregate'));
    return has ? [this.registry] : [];
  }

  private counter({ name, help, labels, of }: MetricDeclaration): Counter {
    return new Counter({ name, help, labelNames: [...labels], registers: this.registersOf(of) });
  }
  private histogram({ name, help, labels, of, buckets = [] }: MetricDeclaration): Histogram {
    return new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: this.registersOf(of) });
  }
  private gauge({ name, help, labels, of }: MetricDeclaration, collect?: (gauge: Gauge) => void): Gauge {
    return new Gauge({ name, help, labelNames: [...labels], registers: this.registersOf(of), ...(collect ? { collect() { collect(this); } } : {}) });
  }
}
