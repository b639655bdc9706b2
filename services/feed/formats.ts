/** Forms of files that declarations come in, and who reads them. */
import type { Readable } from 'node:stream';
import type { Calendar } from '../domain/period';
import type { FeedLine } from './feed-line';
import { readKcsCsv } from './kcs-csv';
import { readNdjson } from './ndjson';

type ReadLines = (input: Readable, calendar: Calendar) => AsyncIterable<FeedLine>;
const readers = { 'ndjson': readNdjson, 'kcs-csv': readKcsCsv } as const satisfies Record<string, ReadLines>;

export type FeedFormat = keyof typeof readers;
export const feedFormats = Object.keys(readers) as readonly FeedFormat[];

/** Lines of a file in their order, as fast as they are asked for. `calendar` cuts dates that come without a time. */
export const readLines = (format: FeedFormat, input: Readable, calendar: Calendar): AsyncIterable<FeedLine> => readers[format](input, calendar);
