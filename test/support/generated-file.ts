/** Generated events as files: all of them, and those that must be refused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTally, generate, type MadeEvent } from '../../services/generate/generate';
import { Random } from '../../services/generate/random';
import { readProfile } from '../../services/shell/definition-files';

export interface GeneratedFile { readonly file: string; readonly refusedFile: string; readonly lines: readonly string[]; readonly refused: number }

/** Nothing happens after `untilMs`; the same seed gives the same file. */
export function generatedFile(folder: string, profile: string, count: number, seed: string, untilMs: number): GeneratedFile {
  const refusedLines = new Set<string>();
  const tally = emptyTally();
  const listener = (events: readonly MadeEvent[]): void => { for (const { line, fault } of events) if (fault) refusedLines.add(line); };
  const lines = [...generate({ profile: readProfile(profile), seed, count, days: 60, untilMs, withFaults: true }, tally, listener)];
  const [file, refusedFile] = [join(folder, `${seed}.ndjson`), join(folder, `${seed}.refused.ndjson`)];
  writeFileSync(file, `${lines.join('\n')}\n`);
  writeFileSync(refusedFile, [...refusedLines].map((line) => `${line}\n`).join(''));
  return { file, refusedFile, lines, refused: lines.filter((line) => refusedLines.has(line)).length };
}

/** The same lines in another order. */
export function shuffledFile(folder: string, lines: readonly string[], seed: string): string {
  const random = new Random(seed);
  const shuffled = [...lines];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random.next() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other] as string, shuffled[index] as string];
  }
  const file = join(folder, `${seed}-shuffled.ndjson`);
  writeFileSync(file, `${shuffled.join('\n')}\n`);
  return file;
}
