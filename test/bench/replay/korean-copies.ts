/**
 * The Korean year many times over: each declaration with other numbers, amounts and masses, and with goods, partners and
 * offices of others about its time, so that copies do not meet in the cells of the one that they were made of.
 */
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { Random } from '../../../services/generate/random';

type Row = Readonly<Record<string, string>>;
/** What is taken together from another declaration. */
const drawnTogether = [['HS6 Code', 'Tax Rate', 'Tax Type'], ['Country of Departure', 'Country of Origin'], ['Office ID']] as const;
const measures = ['Net Mass', 'Item Price'] as const;
/** Rows before and behind: about three weeks. */
const ABOUT_ITS_TIME = 2_000;
const COPY_DIGITS = 3;

/** Answers how many declarations it has written. */
export async function writeKoreanCopies(source: string, copies: number, seed: string, file: string): Promise<number> {
  const rows = parse<Row>(readFileSync(source), { columns: true });
  const random = new Random(seed);
  const out = createWriteStream(file);
  out.write(stringify([Object.keys(rows[0] ?? {})]));
  for (const [index, row] of rows.entries()) {
    const versions = Array.from({ length: copies }, (_, copy) => ({ ...(copy === 0 ? row : copyOf(row, () => nearby(rows, index, random), random)), 'Declaration ID': `${row['Declaration ID'] ?? ''}${String(copy).padStart(COPY_DIGITS, '0')}` }));
    if (!out.write(stringify(versions))) await once(out, 'drain');
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return rows.length * copies;
}

function copyOf(row: Row, other: () => Row, random: Random): Row {
  const copy: Record<string, string> = { ...row };
  for (const names of drawnTogether) {
    const from = other();
    for (const name of names) copy[name] = from[name] ?? '';
  }
  for (const name of measures) copy[name] = (Number(row[name]) * (0.5 + random.next())).toFixed(1);
  return copy;
}

const nearby = (rows: readonly Row[], index: number, random: Random): Row => rows[Math.min(rows.length - 1, Math.max(0, index + random.between(-ABOUT_ITS_TIME, ABOUT_ITS_TIME)))] as Row;
