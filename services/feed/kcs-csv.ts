/** The Korean open data set of import declarations, mapped as design §3 says. */
import type { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { AMOUNT_SCALE, divideHalfUp, MEASURE_SCALE, powerOfTen, RATE_SCALE } from '../domain/decimal';
import type { RawDeclaration } from '../domain/declaration';
import type { Calendar } from '../domain/period';
import type { FeedLine, LineFault } from './feed-line';
import { parseScientific } from './exact-text';

const columns = ['Declaration ID', 'Date', 'Office ID', 'Mode of Transport', 'Declarant ID', 'Importer ID', 'Seller ID', 'HS6 Code', 'Country of Departure', 'Country of Origin', 'Tax Rate', 'Tax Type', 'Net Mass', 'Item Price'] as const;
export type KcsRow = Readonly<Partial<Record<(typeof columns)[number], string>>>;

/** Faults of the whole file. */
export class FeedFileError extends Error {}

const HUNDRED_PERCENT = 100n;
const CURRENCY = 'KRW';

/** base × rate / 100, half up to whole won, at the scale of amounts. */
export function assessedWon(base: bigint, ratePercent: bigint): bigint {
  const won = divideHalfUp(base * ratePercent, powerOfTen(AMOUNT_SCALE + RATE_SCALE) * HUNDRED_PERCENT);
  return won * powerOfTen(AMOUNT_SCALE);
}

/** Beginnings of days, each looked up once: a file has few days and many rows. */
export function dayStarts(calendar: Calendar): (date: string) => number | undefined {
  const known = new Map<string, number | undefined>();
  return (date) => {
    if (!known.has(date)) known.set(date, calendar.rangeOf('day', date)?.fromMs);
    return known.get(date);
  };
}

/** `line` is where the row stands in the file; `startOf` gives the beginning of a day, ms. */
export function readKcsRow(row: KcsRow, line: number, startOf: (date: string) => number | undefined): FeedLine {
  const faults: LineFault[] = [];
  const text = (column: (typeof columns)[number]): string => {
    const value = (row[column] ?? '').trim();
    if (value === '') faults.push({ field: column, problem: 'is empty' });
    return value;
  };
  const number = (column: (typeof columns)[number], scale: number): bigint => {
    const value = parseScientific(row[column] ?? '', scale);
    if (value === undefined) faults.push({ field: column, problem: 'must be a number such as 372254.4 or 1.2E7' });
    return value ?? 0n;
  };
  const date = startOf(row['Date']?.trim() ?? '');
  if (date === undefined) faults.push({ field: 'Date', problem: 'must be a date such as 2020-01-31' });
  const price = number('Item Price', AMOUNT_SCALE);
  const rate = number('Tax Rate', RATE_SCALE);
  const declarationId = `KCS-${text('Declaration ID')}`;
  const declaration: RawDeclaration = {
    eventId: `${declarationId}/1`, declarationId, version: 1, status: 'ACCEPTED', occurredAt: date ?? 0, acceptedAt: date ?? 0,
    office: text('Office ID'), flow: 'IMPORT', procedure: '4000', natureOfTransaction: null, incoterm: 'CIF',
    transportMode: text('Mode of Transport').slice(0, 1), partnerCountry: text('Country of Departure'),
    declarantId: text('Declarant ID'), traderId: text('Importer ID'), counterpartyId: row['Seller ID']?.trim() || null,
    items: [{
      itemNumber: 1, commodityCode: text('HS6 Code'), description: null, casNumber: null, concentrationPercent: null,
      originCountry: text('Country of Origin'), preference: row['Tax Type']?.trim() || null, netMassKg: number('Net Mass', MEASURE_SCALE),
      supplementaryQuantity: null, invoiceAmount: { amount: price, currency: CURRENCY }, freightAmount: null, insuranceAmount: null,
      documents: [], taxes: [{ type: 'CUD', base: price, ratePercent: rate, assessed: assessedWon(price, rate), relief: 0n }],
    }],
    payments: [],
  };
  return faults.length > 0 ? { line, faults, unknownFields: [] } : { line, declaration, faults, unknownFields: [] };
}

const missingColumns = (header: readonly string[]): string[] => columns.filter((column) => !header.includes(column));

/**
 * Reads as fast as it is asked.
 * @throws FeedFileError when columns are missing or the text is no CSV.
 */
export async function* readKcsCsv(input: Readable, calendar: Calendar): AsyncIterable<FeedLine> {
  const parser = parse({
    bom: true, info: true, skip_empty_lines: true, relax_column_count: true,
    columns: (header: string[]) => {
      const missing = missingColumns(header);
      if (missing.length > 0) throw new FeedFileError(`the file has no column ${missing.map((column) => `"${column}"`).join(', ')}: it is not the KCS data set`);
      return header;
    },
  });
  const startOf = dayStarts(calendar);
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: KcsRow; info: Info }>) yield readKcsRow(record, info.lines, startOf);
  } catch (error) {
    throw error instanceof CsvError ? new FeedFileError(error.message) : error;
  } finally {
    input.destroy();
  }
}
