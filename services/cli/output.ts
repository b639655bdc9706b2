/** Results on standard output, everything else on standard error. */
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';

export const say = (line: string): void => { process.stderr.write(`${line}\n`); };
export const print = (text: string): void => { process.stdout.write(`${text}\n`); };
export const printJson = (value: unknown): void => print(JSON.stringify(value));

export type Cell = string | number;

/** `numeric`: columns set to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], numeric: readonly number[] = []): string {
  const plain = { 'top': '', 'top-mid': '', 'top-left': '', 'top-right': '', 'bottom': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', 'left': '', 'left-mid': '', 'mid': '', 'mid-mid': '', 'right': '', 'right-mid': '', 'middle': '  ' };
  const shown = new Table({ head: [...head], chars: plain, colAligns: head.map((_, index) => (numeric.includes(index) ? 'right' : 'left')), style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true } });
  for (const row of rows) shown.push(row.map((cell) => String(cell)));
  return shown.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

/** A cell that a spreadsheet would take for a formula is escaped. */
export const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  stringify([[...head], ...rows.map((row) => row.map((cell) => String(cell)))], { escape_formulas: true }).trimEnd();

/** Ages as people say them: 4 s, 3 min, 2 h, 5 d. */
export function age(milliseconds: number): string {
  const secondsOld = Math.max(0, Math.round(milliseconds / 1_000));
  if (secondsOld < 120) return `${secondsOld} s`;
  if (secondsOld < 7_200) return `${Math.round(secondsOld / 60)} min`;
  if (secondsOld < 172_800) return `${Math.round(secondsOld / 3_600)} h`;
  return `${Math.round(secondsOld / 86_400)} d`;
}
