/** The services that this installation can start, in the order of the flow. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../shell/project-root';
import { stageNames } from '../topology';

const known: readonly string[] = [...stageNames, 'console'];

export const mainFile = (name: string): string => join(projectRoot(), 'dist', 'services', name, 'main.js');
/** How a service is started: one script of modest memory; what it holds is bounded by limits.ts. */
export const serviceArguments = (name: string): string[] => [...memoryFlags, mainFile(name)];
const memoryFlags = ['--max-semi-space-size=8', '--max-old-space-size=512'];
export const serviceNames = (): string[] => known.filter((name) => existsSync(mainFile(name)) || existsSync(join(projectRoot(), 'services', name, 'main.ts')));
