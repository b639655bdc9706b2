/** Fetches the broker's and the registry's jars once, through Maven; safe when two stacks do so at the same time or one is interrupted. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './stack-error';

const KAFKA = 'kafka-4.1.0';
const REGISTRY = 'apicurio-registry-3.0.9';
/** This version of the plugin copies an artifact without reading its parents' descriptors, which are not all published. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:copy';

export interface Jars { readonly kafka: string; readonly registry: string }

export async function fetchJars(projectRoot: string, cache: string, say: (line: string) => void): Promise<Jars> {
  const kafka = await fetchOnce(cache, KAFKA, say, (into) => runToEnd('mvn', ['-q', '-B', '-f', join(projectRoot, 'infra/native/pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${into}`]));
  const registry = await fetchOnce(cache, REGISTRY, say, async (into) => {
    await runToEnd('mvn', ['-q', '-B', COPY, '-Dartifact=io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all', `-DoutputDirectory=${into}`]);
    await runToEnd('tar', ['xzf', join(into, 'apicurio-registry-app-3.0.9-all.tar.gz'), '-C', into]);
    rmSync(join(into, 'apicurio-registry-app-3.0.9-all.tar.gz'));
  });
  return { kafka, registry };
}

/** Fills a folder of its own and renames it: whoever is first wins, and half a fetch is never taken for a whole one. */
export async function fetchOnce(cache: string, name: string, say: (line: string) => void, fill: (into: string) => Promise<void>): Promise<string> {
  const target = join(cache, name);
  if (existsSync(target)) return target;
  say(`fetching ${name} …`);
  mkdirSync(cache, { recursive: true });
  const into = mkdtempSync(join(cache, `${name}.part-`));
  try {
    await fill(into);
    if (!existsSync(target)) renameSync(into, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
  return target;
}

export function runToEnd(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => { output = (output + chunk.toString()).slice(-2_000); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(new StackError(`${command} cannot be run: ${error.message}`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new StackError(`${command} failed:\n${output.trim()}`))));
  });
}
