/** Tables in READMEs that are made from code: between two marks, written by a script and held to the code by a test. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../services/shell/project-root';

export interface ReadmeTable {
  /** The README, from the project's root. */
  readonly file: string;
  /** Last words of the line before the table, and the mark behind it. */
  readonly begin: string;
  readonly end: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The README with the table in its place. */
export function withTable(readme: string, { begin, end, head, rows }: ReadmeTable): string {
  const table = [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
  return readme.slice(0, readme.indexOf(begin) + begin.length) + table + readme.slice(readme.indexOf(end));
}

export function writeTable(table: ReadmeTable): void {
  const file = join(projectRoot(), table.file);
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}
