/**
 * Where things lie in an archive and what they are called: pure.
 * `<topic>/<partition>/<day>/<first offset>-<next offset>.parquet`, its manifest beside it as `.json`.
 */
import type { TopicName } from '../topology';

const OFFSET_DIGITS = 16;
const DAY_MS = 86_400_000;
/** The last millisecond of the year 9999: days have four digits of a year. */
const LAST_DATED_MS = Date.UTC(10_000, 0, 1) - 1;
const FIRST_DATED_MS = Date.UTC(1900, 0, 1);

export const RECORDS = '.parquet';
export const MANIFEST = '.json';
/** Of what is being written. A name without it is only given to what is whole and on the disk. */
export const UNFINISHED = '.unfinished';
export const SCHEMA_FOLDER = 'schemas';

/** Of records whose time no calendar has. */
const UNDATED = 'undated';

export interface OffsetSpan { readonly from: number; readonly next: number }

/** Numbers the days of UTC; records of one file have the same. */
export const dayNumber = (timestampMs: number): number => (timestampMs < FIRST_DATED_MS || timestampMs > LAST_DATED_MS ? Number.NEGATIVE_INFINITY : Math.floor(timestampMs / DAY_MS));

/** The UTC day of a record's time, as 2026-11-25. */
export const dayOf = (timestampMs: number): string => (dayNumber(timestampMs) === Number.NEGATIVE_INFINITY ? UNDATED : new Date(timestampMs).toISOString().slice(0, 10));

export const partitionFolder = (topic: TopicName, partition: number): string => `${topic}/${partition}`;
export const dayFolder = (topic: TopicName, partition: number, day: string): string => `${partitionFolder(topic, partition)}/${day}`;

const padded = (offset: number): string => String(offset).padStart(OFFSET_DIGITS, '0');
/** The name of a file without its ending: sorted by name, files are in the order of their offsets. */
export const spanName = ({ from, next }: OffsetSpan): string => `${padded(from)}-${padded(next)}`;

/** The offsets of a file by its name; undefined when it is no such name. */
export function spanOf(name: string, ending: string): OffsetSpan | undefined {
  const [, from, next] = /^(\d{16})-(\d{16})$/.exec(name.endsWith(ending) ? name.slice(0, -ending.length) : '') ?? [];
  return from === undefined ? undefined : { from: Number(from), next: Number(next) };
}

export const schemaFile = (id: number): string => `${SCHEMA_FOLDER}/${id}.avsc`;
/** The id of a schema by the name of its file; undefined when it is no such name. */
export function schemaIdOf(name: string): number | undefined {
  const [, id] = /^(\d{1,10})\.avsc$/.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}
