/** Values of options, checked where they are read: commander puts the option's name in front of the message. */
import { InvalidArgumentError } from 'commander';
import { Calendar } from '../domain/period';
import { parseMoment } from '../feed/exact-text';

const dayForm = /^\d{4}-\d\d-\d\d$/;

export function moment(text: string): number {
  const ms = parseMoment(dayForm.test(text) ? `${text}T00:00Z` : text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a moment such as 2026-03-15T10:05Z.');
  return ms;
}

/** A day begins when it does in the authority's zone, which is known later. */
export function dayOrMoment(text: string): (timeZone: string) => number {
  const fixed = moment(text);
  return (timeZone) => (dayForm.test(text) ? new Calendar(timeZone).rangeOf('day', text)?.fromMs ?? fixed : fixed);
}

/** Whether a text names a month, as 2026-10. */
export const isMonth = (text: string, calendar: Calendar): boolean => /^\d{4}-\d\d$/.test(text) && calendar.rangeOf('month', text) !== undefined;

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}

export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Expected a number of seconds.');
  return value;
}

export const commaSeparated = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

/** Collects `--where dimension=value`, each dimension once. */
export function dimensionValue(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected dimension=value, such as office=KIN01.');
  const dimension = text.slice(0, equals);
  if (dimension in before) throw new InvalidArgumentError(`${dimension} is given twice.`);
  return { ...before, [dimension]: text.slice(equals + 1) };
}
