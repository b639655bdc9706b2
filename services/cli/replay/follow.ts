/** `replay follow`: counts into whatever replay is live, and waits while none is. For a process that always runs. */
import { liveOf, noNamespaces } from '../../domain/namespace-directory';
import { limits } from '../../limits';
import { ConfigurationError, readConfig, type Config } from '../../shell/config';
import { backoffMs } from '../../shell/waiting';
import { withNeighbours, type Neighbours } from '../neighbours';
import { say } from '../output';
import { StopRequest } from '../stop-request';
import { Namespaces } from './namespaces';
import { Run } from './run';

export interface FollowOptions { readonly workers: number; readonly by: string }

/** Neighbours that are away are waited for, and workers that ended are started again: whatever it was, figures that stand still would be worse. */
export async function followLive(options: FollowOptions): Promise<void> {
  const config = readConfig();
  const stop = new StopRequest();
  for (let failures = 0; !stop.asked; ) {
    try {
      await withNeighbours(config, (neighbours) => followUntilAnotherIsLive(options, config, neighbours, stop));
      failures = 0;
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      say(`${(error as Error).message}; trying again`);
      await stop.pause(backoffMs(failures++));
    }
  }
}

async function followUntilAnotherIsLive(options: FollowOptions, config: Config, neighbours: Neighbours, stop: StopRequest): Promise<void> {
  const namespaces = await Namespaces.open(neighbours);
  const { name, generation } = liveOf(namespaces.directory);
  const directory = await neighbours.directory();
  const isLive = async (): Promise<boolean> => {
    const now = liveOf((await neighbours.redisCall(directory.read())) ?? noNamespaces);
    return now.name === name || now.generation < generation;
  };
  const manifest = namespaces.directory.namespaces[name];
  if (!manifest) {
    say('no replay is live: waiting for one');
    while (!stop.asked && (await isLive())) await stop.pause(limits.followLookMs);
    return;
  }
  say(`${name} is live: counting what comes into it`);
  await new Run(manifest, { ...options, follow: true }, { config, neighbours, namespaces, reader: await neighbours.figures(manifest) }, stop, isLive).toTheEnd();
  if (!stop.asked) say(`${name} is not live any more`);
}
