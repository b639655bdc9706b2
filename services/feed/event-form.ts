/**
 * The JSON form of a declaration event (design §3) as a table, and its reading: decimals are strings,
 * moments ISO 8601. Only what the Avro schema cannot hold is a fault here; everything else is judged by
 * the stages, where a refusal leaves a trace.
 */
import { parseDecimal, AMOUNT_SCALE, MEASURE_SCALE, RATE_SCALE } from '../domain/decimal';
import type { RawDeclaration } from '../domain/declaration';
import type { LineFault } from './feed-line';
import { parseMoment } from './exact-text';

type Field =
  | { readonly type: 'text' | 'integer' | 'moment'; readonly nullable?: boolean }
  | { readonly type: 'decimal'; readonly scale: number; readonly digits: number; readonly nullable?: boolean }
  | { readonly type: 'symbol'; readonly symbols: readonly string[]; readonly nullable?: boolean }
  | { readonly type: 'record'; readonly fields: Form; readonly nullable?: boolean }
  | { readonly type: 'list'; readonly fields: Form; readonly mayBeMissing: boolean; readonly nullable?: boolean };
type Form = Readonly<Record<string, Field>>;

const text: Field = { type: 'text' };
const textOrNull: Field = { type: 'text', nullable: true };
const amount: Field = { type: 'decimal', scale: AMOUNT_SCALE, digits: 18 };
const measure: Field = { type: 'decimal', scale: MEASURE_SCALE, digits: 18 };
const money: Form = { amount, currency: text };

const item: Form = {
  itemNumber: { type: 'integer' }, commodityCode: text, description: textOrNull, casNumber: textOrNull,
  concentrationPercent: { type: 'decimal', scale: RATE_SCALE, digits: 7, nullable: true },
  originCountry: text, preference: textOrNull, netMassKg: measure,
  supplementaryQuantity: { type: 'record', fields: { unit: text, value: measure }, nullable: true },
  invoiceAmount: { type: 'record', fields: money },
  freightAmount: { type: 'record', fields: money, nullable: true },
  insuranceAmount: { type: 'record', fields: money, nullable: true },
  documents: { type: 'list', fields: { type: text, id: text }, mayBeMissing: true },
  taxes: { type: 'list', mayBeMissing: true, fields: { type: text, base: amount, ratePercent: { type: 'decimal', scale: RATE_SCALE, digits: 9, nullable: true }, assessed: amount, relief: amount } },
};

const event: Form = {
  eventId: text, declarationId: text, version: { type: 'integer' },
  status: { type: 'symbol', symbols: ['LODGED', 'ACCEPTED', 'RELEASED', 'CANCELLED'] },
  occurredAt: { type: 'moment' }, acceptedAt: { type: 'moment', nullable: true },
  office: text, flow: { type: 'symbol', symbols: ['IMPORT', 'EXPORT'] }, procedure: text,
  natureOfTransaction: textOrNull, incoterm: textOrNull, transportMode: text, partnerCountry: text,
  declarantId: text, traderId: text, counterpartyId: textOrNull,
  items: { type: 'list', fields: item, mayBeMissing: false },
  payments: { type: 'list', mayBeMissing: true, fields: { taxType: text, kind: { type: 'symbol', symbols: ['PAYMENT', 'REFUND', 'DEPOSIT'] }, amount, paidAt: { type: 'moment' } } },
};

export interface ReadEvent { readonly declaration?: RawDeclaration; readonly faults: readonly LineFault[]; readonly unknownFields: readonly string[] }

interface Notes { readonly faults: LineFault[]; readonly unknownFields: string[] }
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a parsed JSON value; with faults there is no declaration. */
export function readEvent(value: unknown): ReadEvent {
  const notes: Notes = { faults: [], unknownFields: [] };
  const declaration = readRecord(event, value, '', notes);
  return notes.faults.length > 0 ? notes : { ...notes, declaration: declaration as unknown as RawDeclaration };
}

function readRecord(form: Form, value: unknown, path: string, notes: Notes): Record<string, unknown> | undefined {
  if (!isObject(value)) {
    notes.faults.push({ field: path === '' ? '(line)' : path, problem: 'must be a JSON object' });
    return undefined;
  }
  const prefix = path === '' ? '' : `${path}.`;
  for (const name of Object.keys(value)) if (!Object.hasOwn(form, name)) notes.unknownFields.push(prefix + name);
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form)) read[name] = readField(field, value[name], prefix + name, notes);
  return read;
}

function readField(field: Field, value: unknown, path: string, notes: Notes): unknown {
  if (value === undefined || value === null) {
    if (field.nullable) return null;
    if (field.type === 'list' && field.mayBeMissing && value === undefined) return [];
    notes.faults.push({ field: path, problem: 'is missing' });
    return undefined;
  }
  if (field.type === 'record') return readRecord(field.fields, value, path, notes);
  if (field.type === 'list') return readList(field.fields, value, path, notes);
  const read = readValue(field, value);
  if (typeof read === 'object') notes.faults.push({ field: path, problem: read.problem });
  return read;
}

function readList(form: Form, value: unknown, path: string, notes: Notes): unknown {
  if (!Array.isArray(value)) {
    notes.faults.push({ field: path, problem: 'must be a JSON array' });
    return undefined;
  }
  return value.map((part, index) => readRecord(form, part, `${path}[${index}]`, notes));
}

type Plain = Exclude<Field, { type: 'record' | 'list' }>;
type ReadValue = string | number | bigint | { readonly problem: string };

function readValue(field: Plain, value: unknown): ReadValue {
  switch (field.type) {
    case 'text': return typeof value === 'string' ? value : { problem: `must be a string, not ${kindOf(value)}` };
    case 'integer': return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : { problem: 'must be a whole number below 2147483648' };
    case 'symbol': return typeof value === 'string' && field.symbols.includes(value) ? value : { problem: `must be one of ${field.symbols.join(', ')}` };
    case 'moment': return (typeof value === 'string' ? parseMoment(value) : undefined) ?? { problem: 'must be a moment such as "2026-03-15T10:05:00.000Z"' };
    case 'decimal': return readDecimal(field.scale, field.digits, value);
  }
}

function readDecimal(scale: number, digits: number, value: unknown): ReadValue {
  if (typeof value !== 'string') return { problem: `must be a decimal in a string such as "12.5", not ${kindOf(value)}: a JSON number is not exact` };
  const number = parseDecimal(value, scale);
  if (number === undefined) return { problem: `must be a decimal with at most ${scale} digits behind the point, such as "12.5"` };
  const limit = 10n ** BigInt(digits);
  return number < limit && number > -limit ? number : { problem: `has more than ${digits - scale} digits before the point` };
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`);
