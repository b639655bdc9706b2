import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds schemas/ and services/: found upwards, as code runs from the source tree and from dist/. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'schemas')))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('schemas/ not found beside the code: the installation is incomplete');
    folder = parent;
  }
  return folder;
}
