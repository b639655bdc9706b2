import type { StartService } from '../shell/service';
import { createConsole } from './console';

/** Listens first: whoever looks while neighbours are away is told so. */
export const startConsole: StartService = async (context) => {
  const { config, state, logger } = context;
  const console = await createConsole(context);
  await console.server.listen({ host: config.TIDEWAITER_CONSOLE_HOST, port: config.consolePort });
  console.collector.start();
  let ended: () => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => { ended = resolve; console.topics.start().catch(reject); });
  state.set('running');
  logger.info({ address: config.consoleUrl }, 'the console listens');
  return { done, stop: () => console.stop().finally(ended) };
};
