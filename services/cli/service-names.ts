/** The services that this installation can start, in the order of the flow. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../shell/project-root';
import { stageNames } from '../topology';

const known: readonly string[] = [...stageNames, 'console'];

export const mainFile = (name: string): string => join(projectRoot(), 'dist', 'services', name, 'main.js');
export const serviceNames = (): string[] => known.filter((name) => existsSync(mainFile(name)) || existsSync(join(projectRoot(), 'services', name, 'main.ts')));
