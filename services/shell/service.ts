/** A service as a process: settings, signals, an honest exit code. */
import type { Logger } from 'pino';
import { limits } from '../limits';
import { validateTopology, type ServiceName } from '../topology';
import { ConfigurationError, readConfig, type Config } from './config';
import { connectNeighbours, type Neighbours } from './connect';
import { createLogger } from './log';
import { silentMeasurements, type Measurements } from './measurements';
import { PrometheusMeasurements } from './metrics/prometheus';
import { listenForProbes } from './probes/probes';
import { StateReporter } from './service-state';
import type { Traces } from './traces';
import { startTraces } from './tracing/start-traces';
import { patiently } from './waiting';

export interface ServiceContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly state: StateReporter;
  readonly neighbours: Neighbours;
  /** Tries again while a neighbour is away, shown as waiting; only a stop ends it. */
  readonly untilReady: <Answer>(neighbour: string, call: () => Promise<Answer>) => Promise<Answer>;
  /** Undefined: nobody asks. */
  readonly measurements?: Measurements | undefined;
  /** Undefined: none are made. */
  readonly traces?: Traces | undefined;
}
/** Starts a service in whatever surroundings the context describes; each stage has one, in its start.ts. */
export type StartService = (context: ServiceContext) => Promise<RunningService>;
/** A running service: `stop` drains, commits and leaves; `done` settles when it ended by itself. */
export interface RunningService { stop(): Promise<void>; readonly done: Promise<void> }

const EXIT_CONFIGURATION = 78;

/** Runs a service until SIGTERM or SIGINT. Exit codes: 0 stopped as told, 1 crashed, 78 wrong settings. */
export async function runService(name: ServiceName, start: StartService): Promise<void> {
  let config: Config;
  try {
    validateTopology();
    config = readConfig();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
  const logger = createLogger(name, config.TIDEWAITER_LOG_LEVEL);
  const state = new StateReporter(config.home, name);
  const finish = (code: number): never => { state.stop(); process.exit(code); };
  const crash = (error: unknown): never => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    if (error instanceof ConfigurationError) { process.stderr.write(`${message}\n`); return finish(EXIT_CONFIGURATION); }
    logger.fatal({ error: message, stack }, 'crashed');
    return finish(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  state.start();
  let service: RunningService | undefined;
  let traces: Traces | undefined;
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    state.set('stopping');
    logger.info({ signal }, 'stopping');
    setTimeout(() => { logger.error('not stopped in time; what is not committed will be read again'); finish(1); }, limits.stopDeadlineMs).unref();
    (service?.stop() ?? Promise.resolve()).then(() => traces?.stop()).then(() => finish(0), crash);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    const measurements = await measured(name, config, state, logger);
    /** No declaration passes through the console, and a replay would follow those of the past once more. */
    traces = name === 'console' || name === 'replay' ? undefined : await startTraces(name, config, logger);
    const untilReady: ServiceContext['untilReady'] = async (neighbour, call) => {
      const answer = await patiently((trouble) => { state.onTrouble(trouble); state.set(trouble === undefined ? 'starting' : 'waiting', trouble); }, neighbour, call, () => stopping);
      if (answer === undefined && stopping) return new Promise(() => undefined);
      return answer as Awaited<ReturnType<typeof call>>;
    };
    service = await start({ config, logger, state, untilReady, measurements, traces, neighbours: connectNeighbours(config, name, logger, state.onTrouble, measurements ?? silentMeasurements) });
    if (!stopping) logger.info({ profile: config.TIDEWAITER_PROFILE, brokers: config.brokers }, 'started');
    await service.done;
  } catch (error) {
    if (!stopping) crash(error);
  }
}

/** Undefined where /metrics is off. */
async function measured(name: string, config: Config, state: StateReporter, logger: Logger): Promise<Measurements | undefined> {
  const port = config.TIDEWAITER_METRICS_PORT ?? 0;
  if (port === 0) return undefined;
  const measurements = new PrometheusMeasurements(name, state);
  const server = await listenForProbes({ host: config.TIDEWAITER_METRICS_HOST, port }, state, measurements, logger);
  return server && measurements;
}
