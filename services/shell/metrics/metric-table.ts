/** Every metric of our own, as data: services/shell/metrics/README.md is made from here, and dashboards and rules are held to it (test/contract/metrics.test.ts). */

export type MetricType = 'counter' | 'gauge' | 'histogram';
export interface MetricDeclaration {
  readonly name: `tidewaiter_${string}`;
  readonly type: MetricType;
  /** From closed sets alone: no declaration, office, commodity or party is ever a label. */
  readonly labels: readonly string[];
  readonly help: string;
  /** Services that have it. */
  readonly of: 'all' | 'stages' | 'upstream' | 'aggregate' | 'publish';
  /** Upper bounds, of histograms. */
  readonly buckets?: readonly number[];
}

const work = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const waits = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600] as const;

export const metricTable = {
  state: { name: 'tidewaiter_service_state', type: 'gauge', labels: ['state'], of: 'all', help: '1 for the state that the service is in (starting, running, waiting, halted, stopping), 0 for the others.' },
  ready: { name: 'tidewaiter_ready', type: 'gauge', labels: [], of: 'all', help: '1 when /readyz answers 200: running, waiting for nobody, no partition stopped.' },
  stoppedPartitions: { name: 'tidewaiter_stopped_partitions', type: 'gauge', labels: [], of: 'stages', help: 'Partitions that are not read until somebody looks; the reasons stand in `tidewaiter status`.' },
  alarms: { name: 'tidewaiter_alarms', type: 'gauge', labels: ['check'], of: 'all', help: 'What the service has found wrong by itself, by kind of check: progress (a partition stands still), self-check (figures disagree), books (they do not balance), other.' },
  newestEvent: { name: 'tidewaiter_newest_event_timestamp_seconds', type: 'gauge', labels: [], of: 'stages', help: 'Newest event time (occurredAt) that passed, in seconds since 1970; 0: none yet.' },
  lagRecords: { name: 'tidewaiter_lag_records', type: 'gauge', labels: ['topic', 'partition'], of: 'stages', help: 'Offsets between the position and the end of the log, of partitions that this process owns.' },
  lagSeconds: { name: 'tidewaiter_lag_seconds', type: 'gauge', labels: ['topic', 'partition'], of: 'stages', help: 'How long the oldest record that is not done may have waited: since the newest record that is done was appended, or nothing was left. An upper bound; 0 without lag.' },
  recordsRead: { name: 'tidewaiter_records_read_total', type: 'counter', labels: ['topic'], of: 'upstream', help: 'Records decided whose results are acknowledged.' },
  recordsSent: { name: 'tidewaiter_records_sent_total', type: 'counter', labels: ['topic'], of: 'upstream', help: 'Records acknowledged by all replicas, by the topic they went to.' },
  recordsApplied: { name: 'tidewaiter_records_applied_total', type: 'counter', labels: ['topic'], of: 'aggregate', help: 'Records whose effect is in the figures, by the topic they came from; repeats after a crash count again here, and in no figure.' },
  refused: { name: 'tidewaiter_records_refused_total', type: 'counter', labels: ['code'], of: 'stages', help: 'Records refused, by the first result code.' },
  batchSeconds: { name: 'tidewaiter_batch_seconds', type: 'histogram', labels: ['topic'], of: 'stages', buckets: work, help: 'One batch: upstream from decoding to the acknowledgement, in aggregate from deciding a piece to the answer of the script, in a replay with the records that a piece waits for.' },
  arrivalToFigures: { name: 'tidewaiter_arrival_to_figures_seconds', type: 'histogram', labels: [], of: 'aggregate', buckets: waits, help: 'From the arrival of the raw record at the broker to its effect in the figures, of the last event of each piece.' },
  scriptSeconds: { name: 'tidewaiter_redis_script_seconds', type: 'histogram', labels: ['script'], of: 'all', buckets: work, help: 'One call of a Redis script, as the client saw it.' },
  scriptFailures: { name: 'tidewaiter_redis_script_failures_total', type: 'counter', labels: ['script'], of: 'all', help: 'Calls of a Redis script without an answer, or with an error; they are made again.' },
  registryMisses: { name: 'tidewaiter_registry_misses_total', type: 'counter', labels: ['outcome'], of: 'all', help: 'Writer schemas that no cache had and the registry was asked for: found, unknown, failed.' },
  epochChanges: { name: 'tidewaiter_epoch_changes_total', type: 'counter', labels: ['topic', 'epoch'], of: 'stages', help: 'owner: a partition was taken over, or claimed again; leader: another broker leads it, and its log was recognised again.' },
  cellsPublished: { name: 'tidewaiter_cells_published_total', type: 'counter', labels: [], of: 'publish', help: 'Cells sent to the aggregate topics and acknowledged.' },
  publishSeconds: { name: 'tidewaiter_publish_round_seconds', type: 'histogram', labels: [], of: 'publish', buckets: work, help: 'One round of publishing what is due.' },
  leader: { name: 'tidewaiter_publisher_leads', type: 'gauge', labels: [], of: 'publish', help: '1 while this process holds the lease of the publisher.' },
  changesWaiting: { name: 'tidewaiter_changes_waiting', type: 'gauge', labels: [], of: 'publish', help: 'Entries of the change list, of the leading publisher.' },
  books: { name: 'tidewaiter_book_records', type: 'gauge', labels: ['book'], of: 'publish', help: 'Raw records by the book that they ended in (counted, leftOut, refused, ignored), and raw: all of them. Of the leading publisher.' },
  booksDifference: { name: 'tidewaiter_books_difference_records', type: 'gauge', labels: [], of: 'publish', help: 'Raw records less those in books: what is on its way; 0 when the books balance. Below 0 something was counted twice. Of the leading publisher.' },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export const metrics: readonly MetricDeclaration[] = Object.values(metricTable);
