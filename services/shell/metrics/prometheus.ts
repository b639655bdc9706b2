/** The measurements of one service as Prometheus reads them: names and help stand in metric-table.ts. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { BookCounts, EpochKind, Measurements, PartitionStand, PieceDone, TurnDone } from '../measurements';
import type { FetchedBatch, OutgoingRecord, TopicPartition } from '../ports';
import { readiness } from '../probes/readiness';
import { stateNames, type StateReporter } from '../service-state';
import { LagEstimate } from './lag-estimate';
import { MetricMaker } from './metric-maker';
import { metricTable } from './metric-table';

const alarmKinds = ['progress', 'self-check', 'books', 'other'] as const;
const kindOf = (check: string): (typeof alarmKinds)[number] => alarmKinds.find((kind) => check.startsWith(kind)) ?? 'other';

/** What is updated as work is done. */
const workMetrics = (make: MetricMaker) => ({
  recordsRead: make.counter(metricTable.recordsRead),
  recordsSent: make.counter(metricTable.recordsSent),
  recordsApplied: make.counter(metricTable.recordsApplied),
  refused: make.counter(metricTable.refused),
  batchSeconds: make.histogram(metricTable.batchSeconds),
  arrivalToFigures: make.histogram(metricTable.arrivalToFigures),
  scriptSeconds: make.histogram(metricTable.scriptSeconds),
  scriptFailures: make.counter(metricTable.scriptFailures),
  registryMisses: make.counter(metricTable.registryMisses),
  epochChanges: make.counter(metricTable.epochChanges),
  cellsPublished: make.counter(metricTable.cellsPublished),
  publishSeconds: make.histogram(metricTable.publishSeconds),
  leader: make.gauge(metricTable.leader),
  changesWaiting: make.gauge(metricTable.changesWaiting),
  books: make.gauge(metricTable.books),
  booksDifference: make.gauge(metricTable.booksDifference),
});

export class PrometheusMeasurements implements Measurements {
  private readonly registry = new Registry();
  private readonly make: MetricMaker;
  private readonly own: ReturnType<typeof workMetrics>;
  private readonly lag: LagEstimate;

  /** `now`: the wall clock (ms), compared with the brokers' stamps. */
  constructor(service: string, private readonly state: StateReporter, private readonly now: () => number = () => Date.now()) {
    this.lag = new LagEstimate(now);
    this.make = new MetricMaker(service, this.registry);
    this.own = workMetrics(this.make);
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
    this.own.recordsRead.inc({ topic: first.topic }, records);
    this.countSent(sent);
    for (const code of refused) this.own.refused.inc({ code });
    this.own.batchSeconds.observe({ topic: first.topic }, seconds);
  }

  /** Records of one topic follow each other mostly: added up as long as they do. */
  private countSent(sent: readonly OutgoingRecord[]): void {
    let topic = sent[0]?.topic;
    let count = 0;
    for (const record of sent) {
      if (record.topic !== topic) {
        this.own.recordsSent.inc({ topic }, count);
        topic = record.topic;
        count = 0;
      }
      count++;
    }
    if (topic !== undefined) this.own.recordsSent.inc({ topic }, count);
  }

  piece({ topic, records, refused, seconds, arrivedAtMs }: PieceDone): void {
    this.own.recordsApplied.inc({ topic }, records);
    for (const code of refused) this.own.refused.inc({ code });
    this.own.batchSeconds.observe({ topic }, seconds);
    if (arrivedAtMs > 0) this.own.arrivalToFigures.observe(Math.max(0, this.now() - arrivedAtMs) / 1_000);
  }

  reached(batch: FetchedBatch): void { this.lag.reached(batch); }
  stands(partitions: readonly PartitionStand[]): void { this.lag.stands(partitions); }
  epochChanged({ topic }: TopicPartition, epoch: EpochKind): void { this.own.epochChanges.inc({ topic, epoch }); }

  script(script: string, seconds: number, failed: boolean): void {
    this.own.scriptSeconds.observe({ script }, seconds);
    if (failed) this.own.scriptFailures.inc({ script });
  }

  registryMiss(outcome: 'found' | 'unknown' | 'failed'): void { this.own.registryMisses.inc({ outcome }); }

  published(cells: number, seconds: number): void {
    this.own.cellsPublished.inc(cells);
    this.own.publishSeconds.observe(seconds);
  }

  leading(looked: { readonly changesWaiting: number; readonly books: BookCounts | undefined } | undefined): void {
    this.own.leader.set(looked ? 1 : 0);
    /** Two publishers must not tell two truths: what another one looks at is its to tell. */
    if (!looked) {
      for (const gauge of [this.own.changesWaiting, this.own.booksDifference]) gauge.remove();
      this.own.books.reset();
      return;
    }
    this.own.changesWaiting.set(looked.changesWaiting);
    if (!looked.books) return;
    const { raw, counted, leftOut, refused, ignored } = looked.books;
    for (const [book, records] of Object.entries(looked.books)) this.own.books.set({ book }, records as number);
    this.own.booksDifference.set(raw - counted - leftOut - refused - ignored);
  }

  private showState(): void {
    const { state } = this;
    this.make.gauge(metricTable.state, (gauge) => { for (const name of stateNames) gauge.set({ state: name }, name === state.said.state ? 1 : 0); });
    this.make.gauge(metricTable.ready, (gauge) => gauge.set(readiness(state.said).ready ? 1 : 0));
    this.make.gauge(metricTable.stoppedPartitions, (gauge) => gauge.set(Object.keys(state.stoppedPartitions).length));
    this.make.gauge(metricTable.newestEvent, (gauge) => gauge.set(state.newestEventAt / 1_000));
    this.make.gauge(metricTable.alarms, (gauge) => {
      const checks = Object.keys(state.currentAlarms).map(kindOf);
      for (const check of alarmKinds) gauge.set({ check }, checks.filter((kind) => kind === check).length);
    });
  }

  private showLag(): void {
    this.make.gauge(metricTable.lagRecords, (gauge) => { gauge.reset(); for (const { topic, partition, records } of this.lag.lags()) gauge.set({ topic, partition }, records); });
    this.make.gauge(metricTable.lagSeconds, (gauge) => { gauge.reset(); for (const { topic, partition, seconds } of this.lag.lags()) gauge.set({ topic, partition }, seconds); });
  }
}
