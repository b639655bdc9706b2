/**
 * How far a topic partition has been counted: one text, compared byte for byte by the script that moves it.
 * With it go the highest origin seen per path and raw partition (crash repeats are not above it) and the
 * newest event time.
 */
export interface Position {
  /** Offset after the last one covered: records, transaction markers and holes alike. */
  readonly next: number;
  /** `path/rawPartition` → highest raw offset seen. The path is the stage that wrote the record. */
  readonly marks: Readonly<Record<string, number>>;
  /** Newest occurredAt applied, ms; 0: none. */
  readonly streamTimeMs: number;
  /** End of the log when an empty namespace was taken over: behind it the namespace is catching up. */
  readonly target: number;
  /** Origin of the last record covered, `rawPartition/rawOffset`: tells whether the log is still the same one. '': none yet. */
  readonly last: string;
}

export const initialPosition = (next: number, target: number): Position => ({ next, marks: {}, streamTimeMs: 0, target, last: '' });

export function formatPosition(position: Position): string {
  return JSON.stringify({ next: position.next, marks: position.marks, streamTimeMs: position.streamTimeMs, target: position.target, last: position.last });
}

export function parsePosition(text: string): Position | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Position);
}

export const markKey = (path: string, rawPartition: number): string => `${path}/${rawPartition}`;

export const originText = ({ partition, offset }: { readonly partition: number; readonly offset: number }): string => `${partition}/${offset}`;
