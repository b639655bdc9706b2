/**
 * Every bound of the system, in one place: what a declaration may be, how much is done at a time, how long is waited, how
 * much is kept. Relations between them are asserted below, at load. Lint refuses such a number anywhere else.
 */

/** One declaration: what is beyond is refused by `ingest` (magnitudes by `standardize` too). */
const declaration = {
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
  /** Text of a refusal, in characters. */
  refusalMessageLength: 2_000,
} as const;

/** Stages: turns, commits, halts. */
const stages = {
  /** One turn of a stage's loop: at most this many records, at least this long after the turn before. */
  recordsPerTurn: 1_000,
  turnIntervalMs: 20,
  /** Records waiting per partition before fetching pauses. */
  queuedRecordsPerPartition: 1_000,
  /** The same in a backlog: two fetches. */
  backlogRecordsPerPartition: 4_000,
  /** The first pieces of partitions of a backlog have so many different sizes. */
  backlogFirstShares: 6,
  commitIntervalMs: 1_000,
  /** Text beside a committed offset: brokers take 4,096 bytes and refuse the commit beyond. */
  commitMetadataBytes: 4_000,
  /** How often a counting stage compares the store's positions with its own where no records come. */
  idleLookMs: 2_000,
  /** Names of cells that are remembered over pieces, about 100 bytes each. */
  cellNamesKept: 200_000,
  /** Ledger buckets searched for entries behind the horizon at each look. */
  bucketsPerLook: 8,
  /** A piece of a backlog ends after so long, and then waits its turn in the store. */
  openPieceMs: 20_000,
  /** A partition with something to read that stands still this long, while no neighbour is away, has stalled. */
  stallMs: 60_000,
  /** A stage halts when more than this share of at least this many records was refused. */
  refusalShareRecords: 1_000,
  refusalShareDefault: 0.5,
  stopDeadlineMs: 9_000,
  /** A service writes its state so often, and counts as silent when it has not for so long. */
  stateWriteMs: 1_000,
  stateSilentMs: 5_000,
  /** Services that are asked on /state: all of them, names looked up, within so long; the answer of one, a thousand stopped partitions with their reasons. */
  stateAskMs: 1_000,
  stateAnswerBytes: 1024 * 1024,
  /** Of /metrics, /healthz, /readyz, /state: one request; connections at a time. */
  probeRequestMs: 5_000,
  probeConnections: 16,
  /** Of spans to their collector; what takes longer is given up. */
  traceExportMs: 2_000,
  /** After a failed try, doubled each time. */
  backoffMinMs: 100,
  backoffMaxMs: 5_000,
} as const;

/** Kafka and the registry. */
const log = {
  fetchWaitMs: 25,
  /** An empty answer that took less asked no broker. */
  fetchAskedNobodyMs: 1,
  fetchBytesPerPartition: 512 * 1024,
  fetchBytes: 4 * 1024 * 1024,
  heartbeatIntervalMs: 1_000,
  sessionTimeoutMs: 10_000,
  /** Of readers outside the lasting groups: none waits for them. */
  readerSessionMs: 30_000,
  /** Of a range of the log: a reader that nothing comes to for so long gives up. */
  readerSilenceMs: 60_000,
  kafkaConnectMs: 3_000,
  kafkaRequestMs: 30_000,
  kafkaRetries: 8,
  /** A client that answers neither well nor ill for so long is given up; each of its requests ends before. */
  clientAnswerMs: 40_000,
  /** A client that ran this long had started well: the next back-off begins anew. */
  consumerSettledMs: 60_000,
  /** How often the client looks after requests that wait for their turn. */
  kafkaPendingCheckMs: 10,
  /** The client's own tries of one send, before the sink begins anew with another producer. */
  sendRetries: 3,
  sendRetryMaxMs: 1_000,
  /** A partition's share of one send; the broker's default limit is 1 MiB. */
  produceBatchBytes: 900 * 1024,
  /** Records grow on their way: later topics take more than raw. */
  derivedRecordBytes: 4 * 1024 * 1024,
  registryTimeoutMs: 10_000,
  /** An id that the registry does not know is not asked for again so long; so many such ids are remembered. */
  unknownSchemaRetryMs: 30_000,
  unknownSchemasRemembered: 10_000,
} as const;

/** Redis. */
const store = {
  /** One Redis script: at most this many combined increments (some 8 ms), and the ledger entries of this many records. */
  incrementsPerScript: 5_000,
  declarationsPerScript: 400,
  /** Of a change that is carried out in several scripts: increments, ledger entries, and additions to the index of days, of one of them. Small, as live figures wait behind each: with 5,000 increments a replay made them ten times as late. */
  incrementsPerStep: 1_000,
  entriesPerStep: 300,
  indexedPerStep: 2_000,
  /** Of the ledger, by one script. */
  ledgerEntriesPerRead: 1_000,
  redisTimeoutMs: 10_000,
  redisConnectMs: 3_000,
  redisReconnectStepMs: 50,
  /** Of the machine's memory, for the native Redis: beyond it Redis refuses writes, and all wait; without a bound the kernel would end it. */
  redisMemoryShare: 0.5,
  /** Of what it may have: with so much in use replays wait, as the rest is the live figures', and `doctor` warns. */
  redisNearlyFullShare: 0.85,
  ledgerBucketsPerPartition: 8_192,
  /** Parts of the index of days that are asked for together: a month of one partition. */
  indexDaysPerRead: 31,
  /** Gaps in the versions of one declaration that the ledger remembers. */
  unseenVersionStretches: 50,
} as const;

/** `publish`. */
const publishing = {
  publishTickMs: 200,
  /** Entries of a shard's change list, 20 kB each under load; what is beyond goes, and the publisher compares everything. */
  changeListEntries: 20_000,
  changedEntriesPerRead: 500,
  cellsPerRead: 1_000,
  publisherLeaseMs: 5_000,
  publishPositionsMs: 1_000,
  /** How often broker time is confirmed, and looked again when there was something left to count. */
  publishConfirmMs: 30_000,
  publishConfirmSoonMs: 1_000,
  /** A round is followed by a rest of so many times its length, but after a rebuild rounds take many seconds: subscribers would wait for three times as long. */
  publishRestFactor: 3,
  publishLongestRestMs: 5_000,
  retentionLookMs: 60_000,
  closedLookMs: 1_000,
  /** How often publish looks whether other figures are live, and whether the store still knows. */
  directoryLookMs: 500,
  /** How often the leading publisher looks whether the books balance, where somebody measures. */
  booksLookMs: 10_000,
  hashesPerUnlink: 200,
} as const;

/** Closed months, and figures checked. */
const checking = {
  /** One closing at a time: held again after each hash. */
  closingLeaseMs: 60_000,
  /** Of cells in one record of a closed month: far below what a broker takes. */
  fieldsPerClosedRecord: 5_000,
  fieldsPerPut: 1_000,
  closedByLength: 100,
  /** Hash fields that one self-check reads at once: 30 ms of the store's time. */
  selfCheckFields: 50_000,
  selfCheckIntervalMs: 3_000,
  /** Of a ledger that is read through: small buckets, asked together, answered in one go. */
  bucketsPerRecount: 256,
  hashesPerRecount: 50,
  verifyCallMs: 600_000,
  rebuildLookMs: 50,
  /** Restored figures that differ from the live ones are looked at so often before they are named: after a rebuild `publish` compares everything, and needs seconds. */
  restoredLooks: 5,
  restoredLookMs: 1_000,
  /** Of aggregate topics that change over to other figures: so long for the end to come. */
  changeOverWaitMs: 60_000,
  /** For `replay plan`: what one worker of a replay counts in a second, and what Redis keeps of a record in the end: of trade that repeats itself, without minutes and hours, and of one that does not, with them. */
  replayRecordsPerSecond: 5_000,
  replayBytesPerRecord: { least: 300, most: 1_500 },
  replayRoomLookMs: 2_000,
  /** Of one worker and partition, where the end of the log is far away. */
  replayDeclarationsPerPiece: 60_000,
  replayIncrementsPerPiece: 400_000,
  /** Of one partition that is counted from its beginning: 67 million bits know nearly every new declaration of some millions. */
  idFilterBytes: 8 * 1024 * 1024,
  /** How often a replay looks whether live figures keep up, how far behind they may be before it yields, and how. */
  replayLookMs: 250,
  replayYieldsBehindMs: 100,
  replayYieldsBehindRecords: 100,
  replaySlowestPerSecond: 500,
  replayGrowth: 0.12,
  replayStillMs: 15_000,
  replayRestFactor: 2,
  replayRestedMostMs: 20,
  replayMeasuredMs: 10_000,
  /** How far behind each partition of the log a namespace may be that is to go live: seconds of a busy hour. A replay counts its last records in small pieces from here on, which takes longer. */
  promotedBehindRecords: 5_000,
  /** How often who follows a replay looks at it, and at which one is live. */
  followLookMs: 500,
  /** When reference data could not be taken in for the sake of another's workers. */
  refreshRetryMs: 30_000,
  /** Declarations named behind a difference. */
  largestDifferencesKept: 5,
} as const;

/** The archive. */
const archive = {
  /** One row group: what is held of a partition while it is written, and while it is read. */
  archiveRowsPerGroup: 5_000,
  archiveBytesPerGroup: 4 * 1024 * 1024,
  /** One file: after a kill so much is written again. */
  archiveRowsPerFile: 500_000,
  archiveBytesPerFile: 256 * 1024 * 1024,
  /** Each holds a row group. */
  archivePartitionsAtOnce: 8,
  /** Of an import, which reads its files once for so many: 420 MB of memory, where four take 270. */
  importPartitionsAtOnce: 32,
  archiveReadBytes: 1024 * 1024,
  /** Faults of one partition that `archive verify` names; all are counted. */
  archiveFaultsNamed: 100,
} as const;

/** Reference data, and what is remembered of it. */
const reference = {
  referenceLookMs: 50,
  /** A worker that takes a partition over may know a set a moment later than the one that had it. */
  referenceKnownWithinMs: 10_000,
  /** Sets, with tables and tries of a few MB each, that are kept beside those in use. */
  referenceSetsKept: 4,
  /** Answers remembered of one table: hostile codes must not fill the memory. */
  tableAnswersCached: 10_000,
  periodsCached: 50_000,
  tokensCached: 20_000,
} as const;

/** Queries and commands. */
const commands = {
  /** Hash fields that one query may read; and hashes: a year of hours, a week of minutes. */
  queryFields: 2_000_000,
  hashesPerQuery: 12_000,
  /** A figure that moves while it is explained is read so often, all but the first time as of one moment: so many bytes of the index by shard, 40,000 declarations in about a tenth of a second. In pieces: entries at a time. */
  explainReadings: 5,
  indexBytesAtOnce: 2 * 1024 * 1024,
  entriesPerExplainRead: 1_000,
  /** Of its log: records that are read over rather than sought behind; of a partition of the aggregate topic; contributions shown. */
  /** Looked through before others of the same process go on. */
  entriesPerExplainSlice: 500,
  entriesPerExplainSort: 4_000,
  explainCallMs: 120_000,
  recordsReadOver: 200,
  /** The same in an archive, whose files are opened whole. */
  archivedRecordsReadOver: 50_000,
  revisionsLookedThrough: 500_000,
  contributionsShown: 50,
  /** To find somebody listening; for one call; between two looks. */
  reachMs: 3_000,
  commandCallMs: 15_000,
  commandLookMs: 100,
  doctorCallMs: 5_000,
  /** `status` answers within two seconds; of these, what printing and leaving need at the end, and the least for looking. */
  statusTimeoutMs: 1_500,
  statusReserveMs: 250,
  statusLeastMs: 400,
  drainCallMs: 10_000,
  holeAcceptMs: 60_000,
  drainLineMs: 3_000,
  /** A whole topic. */
  topicReadMs: 600_000,
  progressLineMs: 5_000,
  progressPatienceMs: 2_000,
  recordsPerFeedSend: 1_000,
  recordsPerRedriveSend: 500,
  /** Clocks further apart are a fault. */
  clockToleranceMs: 1_000,
  leastFreeBytes: 2 * 1024 ** 3,
} as const;

/** The native stack, and services under the supervisor. */
const processes = {
  stackReadyMs: 90_000,
  stackProbeMs: 2_000,
  stackStopMs: 15_000,
  /** A service that ran this long had started well: the next back-off begins anew. */
  serviceSettledMs: 10_000,
  serviceStopMs: 10_000,
  /** A log of theirs; one older file of that size is kept beside it. */
  logFileBytes: 32 * 1024 * 1024,
  logLookMs: 60_000,
} as const;

/** The console: what one page, one person and all pages together may take. */
const console = {
  consoleBodyBytes: 64 * 1024,
  /** Until a request has arrived whole; a connection that asks nothing; a call to a neighbour. */
  consoleRequestMs: 30_000,
  consoleIdleMs: 65_000,
  consoleCallMs: 10_000,
  consoleRequestsPerMinute: 1_200,
  /** Of one address. */
  signInsPerMinute: 10,
  /** Least length of its key: HMAC-SHA-256 takes no more out of a longer one. */
  consoleKeyBytes: 32,
  sessionHours: 12,
  tokenHoursMost: 24 * 31,
  /** An OpenID Connect sign-in, from the redirect to the return. */
  signInMs: 600_000,
  /** Sessions that were ended before their time, until it comes. */
  endedSessionsRemembered: 10_000,
  /** Sessions whose cookie is not looked at again. */
  sessionsRemembered: 1_000,
  personNameLength: 100,
  reasonLength: 500,
  listEntriesMost: 500,
  listEntriesDefault: 100,
  redriveIdsMost: 10_000,
  /** Of the topics that pages list, the newest so many: about 1 kB each (an hour's soak saw the console grow by 120 MB until 100,000 of both were there). */
  alertsRemembered: 25_000,
  refusalsRemembered: 25_000,
  decisionsRemembered: 100_000,
  auditEntriesRemembered: 10_000,
  /** What all pages are told is worked out so often: where a processor is free for the answers, a figure is on the screen within a second (`scripts/bench pages`). Figures of a day and of a week ago are three more readings. */
  consoleLookMs: 300,
  consoleNowMs: 600,
  consoleSlowFiguresMs: 5_000,
  /** Whether a closed month's revenue has changed: hundreds of thousands of fields. */
  consoleMonthsComparedMs: 15_000,
  /** Hashes of the store that the console keeps taken apart: a full hour of minutes of a large country is 2 MB as it comes, and four times as much as maps. */
  consoleUnpackedBytes: 4 * 1024 * 1024,
  unpackedHashBytes: 128 * 1024,
  unpackedHashesAtOnce: 200,
  consoleStatusMs: 700,
  /** Of one question that many pages ask: so long for all of them to ask; from one reading to the next; and after each so many times as long as it took. */
  answerGatherMs: 40,
  answerEveryMs: 250,
  answerRestFactor: 1,
  /** Answers for those who take older ones: so many, of so many characters, and none that is older, whatever is asked for. */
  recentAnswersKept: 300,
  recentAnswerCharacters: 64 * 1024,
  recentAnswerMs: 60_000,
  /** Explained figures: so many are worked out at a time, so many wait for their turn, so long each of them; of the log for one of them. */
  explanationsAtOnce: 2,
  explanationsWaiting: 10,
  consoleExplainMs: 60_000,
  consoleExplainLogMs: 20_000,
  /** Declarations with a date in the period, a day of a large administration: to look through so many takes the console's processor two seconds, 20 ms at a time. */
  explainedDeclarationsMost: 100_000,
  /** The largest that can be paged through, 2 kB each; at a time; and how many explanations are kept for that, so long. */
  explainedListed: 1_000,
  explainedPageMost: 100,
  explainedPageDefault: 25,
  explanationsKept: 16,
  explanationKeptMs: 300_000,
  /** Of one declaration, in a list of many: payments, dates, codes, hits on lists; and cells. */
  explainedPartsShown: 20,
  explainedCellsShown: 500,
  /** Records of the log that the console looks through: for the revisions of a figure; for all versions of one declaration. */
  consoleRevisionsLookedThrough: 50_000,
  historyLookedThrough: 200_000,
  /** Of the produced positions that time lag is read from: half an hour. */
  lagSamples: 2_600,
  /** Over so long it is judged whether a service gains on its lag; less behind, or less looked at, says nothing; shown are the last minutes, in so many points. */
  lagTrendMs: 60_000,
  lagSettledMs: 10_000,
  lagShownMs: 300_000,
  lagPoints: 60,
  /** What a page may miss and still be told, three minutes of a busy stream; pages at once; what waits for a slow one (200 of them hold 50 MB). */
  streamRingEvents: 5_000,
  streamPages: 200,
  /** Ids rise over restarts: they begin at the clock, and no process sends so many events a millisecond. */
  streamIdsPerMs: 1_000,
  streamBytesWaiting: 256 * 1024,
  streamHeartbeatMs: 15_000,
  streamDeclarationsPerSecond: 20,
  usualTradeMonths: 12,
  /** Months in the list of periods whose revenue is compared with what was signed off; fields that one comparison may read: 300 ms of the store's time. */
  closedMonthsCompared: 12,
  comparedFields: 500_000,
} as const;

export const limits = { ...declaration, ...stages, ...log, ...store, ...publishing, ...checking, ...archive, ...reference, ...commands, ...processes, ...console } as const;

const assertRelation = (condition: boolean, message: string): void => {
  if (!condition) throw new Error(`limits: ${message}`);
};
assertRelation(limits.amountMinorUnits < BigInt(Number.MAX_SAFE_INTEGER), 'an amount must fit a double exactly');
/** UTF-8 takes three bytes for each UTF-16 unit at most. */
assertRelation(limits.declarationIdLength * 3 <= 255, 'the length of an id fits the one byte that the index of days has for it');
assertRelation(limits.quantityThousandths < BigInt(Number.MAX_SAFE_INTEGER), 'a quantity must fit a double exactly');
assertRelation(limits.recordsPerTurn <= limits.queuedRecordsPerPartition, 'a turn takes no more than a partition may queue');
assertRelation(limits.heartbeatIntervalMs * 3 <= limits.sessionTimeoutMs, 'three heartbeats fit a session');
assertRelation(limits.kafkaRequestMs < limits.clientAnswerMs, 'a request that is not answered ends before its client is given up');
assertRelation(limits.sessionTimeoutMs * 3 <= limits.stallMs, 'a rebalance is no stall');
assertRelation(limits.openPieceMs * 3 <= limits.stallMs, 'a large piece is no stall');
assertRelation(limits.turnIntervalMs < limits.publishTickMs, 'stages turn faster than publish ticks');
assertRelation(limits.statusTimeoutMs + limits.statusReserveMs < 2_000, 'status answers within two seconds');
assertRelation(limits.stateAskMs <= limits.statusTimeoutMs, 'services are asked no longer than Kafka and Redis');
assertRelation(limits.stopDeadlineMs < limits.serviceStopMs, 'a service ends by itself before the supervisor kills it');
assertRelation(limits.consoleNowMs <= limits.consoleStatusMs, 'status is no fresher than the tick that tells it');
assertRelation(limits.archiveBytesPerGroup <= limits.archiveBytesPerFile && limits.archiveRowsPerGroup <= limits.archiveRowsPerFile, 'a file of the archive holds a row group');
assertRelation(limits.explainedPageDefault <= limits.explainedPageMost && limits.explainedPageMost <= limits.explainedListed, 'a page of declarations is one that may be asked for, and is kept');
assertRelation(limits.listEntriesDefault <= limits.listEntriesMost, 'a page of a list is one that may be asked for');
