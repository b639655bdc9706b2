/** The services that this installation can start, in the order of the flow. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../shell/config';
import { projectRoot } from '../shell/project-root';
import { allServices } from '../topology';

const known: readonly string[] = allServices;

export const mainFile = (name: string): string => join(projectRoot(), 'dist', 'services', name, 'main.js');
/** How a service is started: one script of modest memory; what it holds is bounded by limits.ts. */
export const serviceArguments = (name: string): string[] => [`--max-semi-space-size=${name === 'console' ? CONSOLE_SEMI_SPACE : SEMI_SPACE}`, '--max-old-space-size=512', mainFile(name)];
/** Under one supervisor each service has a port of its own, by its place in the flow; 0: none. */
export function metricsPortOf(name: string, { TIDEWAITER_METRICS_PORT: first, TIDEWAITER_BASE_PORT: base }: Pick<Config, 'TIDEWAITER_METRICS_PORT' | 'TIDEWAITER_BASE_PORT'>): number {
  return first === 0 ? 0 : (first ?? base + METRICS_OFFSET) + known.indexOf(name);
}
const METRICS_OFFSET = 100;

/** MB. The console makes and forgets whole answers. */
const [SEMI_SPACE, CONSOLE_SEMI_SPACE] = [8, 16];
export const serviceNames = (): string[] => known.filter((name) => existsSync(mainFile(name)) || existsSync(join(projectRoot(), 'services', name, 'main.ts')));
