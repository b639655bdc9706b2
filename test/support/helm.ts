/**
 * Helm, as a library for Java (helm/fetch.ts): tests that need it are shown as skipped without it. One process lints the chart and
 * renders it for all values that a test has.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { projectRoot } from '../../services/shell/project-root';
import { helmJars } from './helm/fetch';

const sources = join(projectRoot(), 'test/support/helm');
const jars = helmJars();
const RENDERING_MS = 120_000;

/** `describe` with Helm, `describe.skip` without it. */
export const describeWithHelm = existsSync(jars) ? describe : describe.skip;

/** A resource as Helm has rendered it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what it has beyond this, a test asks by its path
  readonly [field: string]: any;
}
export interface Rendering { readonly lint: string; readonly rendered: ReadonlyMap<string, readonly Resource[]>; readonly refused: ReadonlyMap<string, string> }

/** The library leaves hooks out of what it renders: to see them, they are rendered as if they were none. */
const [HOOK, SEEN] = ['helm.sh/hook', 'seen.helm.sh/hook'];

/** By the name of the values: what comes of them, hooks among them, or why Helm refuses them. */
export function renderChart(values: Readonly<Record<string, unknown>>, kubernetes: string): Rendering {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-chart-'));
  try {
    const chart = join(folder, 'chart');
    cpSync(join(projectRoot(), 'infra/helm/tidewaiter'), chart, { recursive: true });
    for (const file of readdirSync(join(chart, 'templates')).map((name) => join(chart, 'templates', name))) writeFileSync(file, readFileSync(file, 'utf8').replaceAll(HOOK, SEEN));
    for (const [name, value] of Object.entries(values)) writeFileSync(join(folder, `${name}.yaml`), stringify(value, { aliasDuplicateObjects: false, version: '1.1' }));
    execFileSync('java', ['-cp', join(jars, '*'), `-Djna.tmpdir=${folder}`, `-Djava.io.tmpdir=${folder}`, join(sources, 'Render.java'), chart, folder, kubernetes], { stdio: ['ignore', 'ignore', 'pipe'], timeout: RENDERING_MS });
    const [rendered, refused] = [new Map<string, readonly Resource[]>(), new Map<string, string>()];
    for (const name of Object.keys(values)) {
      const file = join(folder, `${name}.rendered`);
      if (existsSync(file)) rendered.set(name, resources(readFileSync(file, 'utf8')));
      else refused.set(name, readFileSync(join(folder, `${name}.refused`), 'utf8'));
    }
    return { lint: readFileSync(join(folder, 'lint'), 'utf8'), rendered, refused };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a cluster reads them: keys once, and YAML 1.1, in which `yes` is true and 0440 is octal. @throws where a document is none */
function resources(text: string): Resource[] {
  return parseAllDocuments(text.replaceAll(SEEN, HOOK), { version: '1.1' }).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    return document.contents === null ? [] : [document.toJS() as Resource];
  });
}
