/** Every bound of the page, with its unit. */
export const limits = {
  /** `now` arrives at least this often; after `missedTicks` of them the figures are called stale. */
  tickMs: 5_000,
  missedTicks: 3,
  /** Records behind that a drawing of lag reaches to at least: a few on their way are no mountain. */
  lagDrawnFrom: 100,
  tailRows: 500,
  /** The tail is drawn at most this often, however fast it comes. */
  tailDrawMs: 500,
  /** Screen readers are spoken to at most this often. */
  announceMs: 5_000,
  /** Figures on the screen are asked for again at most this often: the server tells a little less often that they have changed. */
  refreshMs: 500,
  /** A line of sub-periods takes many questions: again at most this often. */
  seriesRefreshMs: 30_000,
  seriesAtOnce: 4,
  seriesShown: 6,
  barsShown: 20,
  rowsShown: 200,
  codesShown: 8,
  reconnectMs: 5_000,
  /** Months are looked at again: in the list, and while one is being signed off. */
  periodsRefreshMs: 15_000,
  closingLookMs: 700,
  queuePage: 100,
  reasonCharacters: 500,
} as const;
