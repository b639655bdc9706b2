/** A copy of the code in which a guard was taken out: whoever watches over the guard must notice. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { projectRoot } from '../../services/shell/project-root';

/** `from`: text that stands in `file` exactly once. */
export interface Patch { readonly file: string; readonly from: string; readonly to: string }

const folders = ['services', 'test/simulation', 'test/support'] as const;
const sourceEnd = '.ts';
const notCopied = /\.(?:spec|test)\.ts$/;

/** @throws when the text is not there, or not once: the code has moved on, and the patch would take out nothing. */
export function patched(text: string, { file, from, to }: Patch): string {
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`${file}: the text to be replaced was found ${found} times instead of once; bring the patch up to date: ${from}`);
  return text.replace(from, () => to);
}

/** Below the build, as packages and schemas are looked for upwards. The caller removes it. */
export function copyWith(patches: readonly Patch[]): string {
  const root = projectRoot();
  mkdirSync(join(root, 'dist'), { recursive: true });
  const copy = mkdtempSync(join(root, 'dist', 'mutant-'));
  const files = folders.flatMap((folder) => (readdirSync(join(root, folder), { recursive: true }) as string[]).map((name) => join(folder, name)));
  const sources = files.filter((file) => file.endsWith(sourceEnd) && !notCopied.test(file));
  for (const { file } of patches) if (!sources.includes(file)) throw new Error(`${file}: there is no such source`);
  for (const file of sources) {
    const text = patches.filter((patch) => patch.file === file).reduce(patched, readFileSync(join(root, file), 'utf8'));
    const { code } = transformSync(text, { filename: file, sourceMaps: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
    const target = join(copy, file.slice(0, -sourceEnd.length) + '.js');
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return copy;
}

export interface MutantRun { readonly red: boolean; readonly output: string }

/** Runs seeds on a copy with the patches, in a process of its own. `red`: a seed went wrong. @throws when it did not get so far as to judge. */
export async function runMutant(patches: readonly Patch[], options: readonly string[]): Promise<MutantRun> {
  const copy = copyWith(patches);
  try {
    const child = spawn(process.execPath, [join(copy, 'test/simulation/main.js'), ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject); child.once('close', resolve); });
    const output = Buffer.concat(parts).toString('utf8');
    if (code !== 0 && code !== RED) throw new Error(`the mutant ended with ${code}: ${output.slice(-2_000)}`);
    return { red: code === RED, output };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Exit code of `main` when a seed went wrong; a crash of node itself has another. */
export const RED = 3;
