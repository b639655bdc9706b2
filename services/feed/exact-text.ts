/** Numbers and moments as files write them, without a float in between. */
import { divideHalfUp, powerOfTen } from '../domain/decimal';

const scientificForm = /^([+-]?)(\d{1,30})(?:\.(\d{0,30}))?(?:[eE]([+-]?\d{1,2}))?$/;
const MAX_SHIFT = 39;

/** Reads 372254.4, 1.2E7 or 3e-05 at a scale, half up where digits drop; undefined when it is no number. */
export function parseScientific(text: string, scale: number): bigint | undefined {
  const match = scientificForm.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = scale + Number(exponent) - fraction.length;
  if (Math.abs(shift) > MAX_SHIFT) return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return shift >= 0 ? digits * powerOfTen(shift) : divideHalfUp(digits, powerOfTen(-shift));
}

const momentForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)$/;

/** ISO 8601 with a zone, to the millisecond; undefined when the text is none or names no real moment. */
export function parseMoment(text: string): number | undefined {
  const match = momentForm.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0'));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const check = new Date(local);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day || check.getUTCHours() !== hour || check.getUTCMinutes() !== minute || second > 59) return undefined;
  const zone = match[8] as string;
  if (zone === 'Z') return local;
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return local - (zone.startsWith('-') ? -1 : 1) * offsetMinutes * 60_000;
}
