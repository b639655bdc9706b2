/** Every bound of the page, with its unit. */
export const limits = {
  /** `now` arrives at least this often; after `missedTicks` of them the figures are called stale. */
  tickMs: 5_000,
  missedTicks: 3,
  tailRows: 500,
  /** The tail is drawn at most this often, however fast it comes. */
  tailDrawMs: 500,
  /** Screen readers are spoken to at most this often. */
  announceMs: 5_000,
  /** Figures on the screen are asked for again at most this often. */
  refreshMs: 2_000,
  /** A line of sub-periods takes many questions: again at most this often. */
  seriesRefreshMs: 30_000,
  seriesAtOnce: 4,
  seriesShown: 6,
  barsShown: 20,
  rowsShown: 200,
  reconnectMs: 5_000,
  queuePage: 100,
  reasonCharacters: 500,
} as const;
