/**
 * Every bound of the system, in one place. Relations between them are asserted below, at load.
 */
export const limits = {
  /** Largest declared amount in minor units of its currency: sums of 9,000 of them still fit 64 bits, each fits a double. */
  amountMinorUnits: 10n ** 15n,
  /** Largest mass (0.001 kg) or quantity (0.001 unit) of one item. */
  quantityThousandths: 10n ** 15n,
  declarationIdLength: 70,
  eventIdLength: 100,
  codeLength: 35,
  itemsPerDeclaration: 9_999,
  taxesPerItem: 99,
  paymentsPerDeclaration: 9_999,
  /**
   * Tax lines, and items times payments, of one declaration, and their different types of tax: all its figures
   * change in one script (test/contract/largest-declaration.test.ts). 9,999 items may have two tax lines and three payments.
   */
  revenueRowsPerDeclaration: 50_000,
  taxTypesPerDeclaration: 99,
  /** Older dates are typing errors; the Harmonized System began in 1988. */
  earliestDateMs: Date.UTC(1988, 0, 1),
  /** A date may be this far after the raw record's broker timestamp. */
  futureToleranceMs: 24 * 3_600_000,

  /** One turn of a stage's loop: at most this many records, at least this long after the turn before. */
  recordsPerTurn: 1_000,
  turnIntervalMs: 20,
  fetchWaitMs: 25,
  fetchBytesPerPartition: 512 * 1024,
  fetchBytes: 4 * 1024 * 1024,
  /** Records waiting per partition before fetching pauses. */
  queuedRecordsPerPartition: 1_000,
  commitIntervalMs: 1_000,
  /** Reference sets, with tables and tries of a few MB each, that a stage keeps beside those in use. */
  stageVersionsKept: 4,
  /** Text beside a committed offset: brokers take 4,096 bytes and refuse the commit beyond. */
  commitMetadataBytes: 4_000,
  /** How often a counting stage compares the store's positions with its own where no records come. */
  idleLookMs: 2_000,
  /** Ledger buckets searched for entries behind the horizon at each look. */
  bucketsPerLook: 8,
  heartbeatIntervalMs: 1_000,
  sessionTimeoutMs: 10_000,
  /** A partition's share of one send; the broker's default limit is 1 MiB. */
  produceBatchBytes: 900 * 1024,
  /** Records grow on their way: later topics take more than raw. */
  derivedRecordBytes: 4 * 1024 * 1024,

  /** One Redis script: at most this many combined increments (5 ms of HINCRBY, 15 with what Lua and the append-only file add), and the ledger entries of this many records. */
  incrementsPerScript: 5_000,
  declarationsPerScript: 400,
  redisTimeoutMs: 10_000,
  /** Of the machine's memory, for the native Redis: beyond it Redis refuses writes, and all wait; without a bound the kernel would end it. */
  redisMemoryShare: 0.5,
  /** Hash fields that one query may read. */
  queryFields: 2_000_000,
  ledgerBucketsPerPartition: 8_192,
  /** Gaps in the versions of one declaration that the ledger remembers. */
  unseenVersionStretches: 50,

  /** One closing at a time: held again after each hash. */
  closingLeaseMs: 60_000,
  /** Hash fields that one self-check reads at once: 30 ms of the store's time. */
  selfCheckFields: 50_000,
  selfCheckIntervalMs: 3_000,

  publishTickMs: 200,
  /** Entries of a shard's change list, 20 kB each under load; what is beyond goes, and the publisher compares everything. */
  changeListEntries: 20_000,
  changedEntriesPerRead: 500,
  cellsPerRead: 1_000,
  publisherLeaseMs: 5_000,

  backoffMinMs: 100,
  backoffMaxMs: 5_000,
  unknownSchemaRetryMs: 30_000,
  /** A stage halts when more than this share of at least this many records was refused. */
  refusalShareRecords: 1_000,
  refusalShareDefault: 0.5,
  stopDeadlineMs: 9_000,
  statusTimeoutMs: 1_500,
  /** A log of the native stack or of a supervised service; one older file of that size is kept beside it. */
  logFileBytes: 32 * 1024 * 1024,
  logLookMs: 60_000,
} as const;

const assertRelation = (condition: boolean, message: string): void => {
  if (!condition) throw new Error(`limits: ${message}`);
};
assertRelation(limits.amountMinorUnits < BigInt(Number.MAX_SAFE_INTEGER), 'an amount must fit a double exactly');
assertRelation(limits.quantityThousandths < BigInt(Number.MAX_SAFE_INTEGER), 'a quantity must fit a double exactly');
assertRelation(limits.recordsPerTurn <= limits.queuedRecordsPerPartition, 'a turn takes no more than a partition may queue');
assertRelation(limits.heartbeatIntervalMs * 3 <= limits.sessionTimeoutMs, 'three heartbeats fit a session');
assertRelation(limits.turnIntervalMs < limits.publishTickMs, 'stages turn faster than publish ticks');
assertRelation(limits.statusTimeoutMs < 2_000, 'status answers within two seconds');
