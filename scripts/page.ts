/** Bundles the console's page into dist/services/console/page: one script, one style sheet, nothing from elsewhere. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, type BuildResult } from 'esbuild';

const root = resolve(__dirname, '..', '..');
const source = join(root, 'services', 'console', 'page');
const target = join(root, 'dist', 'services', 'console', 'page');

async function bundle(): Promise<BuildResult<{ metafile: true }>> {
  return build({
    entryPoints: [join(source, 'main.tsx'), join(source, 'styles.css')],
    outdir: target,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: join(source, 'tsconfig.json'),
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
}

/** Licences and notices of the packages that are in the bundle: whoever gets it gets them. */
function licencesOf(inputs: readonly string[]): string {
  const packages = [...new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))].sort();
  return packages.map((name) => {
    const folder = join(root, 'node_modules', name);
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && /^(licen[cs]e|notice)/i.test(entry.name)).map((entry) => entry.name).sort();
    if (files.length === 0) throw new Error(`the package ${name} is in the page and has no licence file`);
    return `${name}\n\n${files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')}`;
  }).join('\n\n----\n\n');
}

async function main(): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { metafile } = await bundle();
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  const nameOf = (ending: string): string => {
    const name = names.find((candidate) => candidate.endsWith(ending));
    if (name === undefined) throw new Error(`the bundle has no ${ending}`);
    return name;
  };
  const page = readFileSync(join(source, 'index.html'), 'utf8').replace('styles.css', nameOf('.css')).replace('main.js', nameOf('.js'));
  writeFileSync(join(target, 'index.html'), page);
  writeFileSync(join(target, 'mark.svg'), readFileSync(join(source, 'mark.svg')));
  writeFileSync(join(target, 'licences.txt'), licencesOf(Object.keys(metafile.inputs)));
}

void main();
