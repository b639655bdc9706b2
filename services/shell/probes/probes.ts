/** What a service answers on /metrics, /healthz, /readyz and /state, on whatever server; and a small server for services that have none. */
import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import type { StateReporter } from '../service-state';
import { readiness } from './readiness';

export interface ProbeAnswer { readonly status: number; readonly contentType: string; readonly body: string }
/** What makes the text of /metrics. */
export interface MetricsText { readonly contentType: string; text(): Promise<string> }

const plain = 'text/plain; charset=utf-8';
const json = 'application/json; charset=utf-8';

/** Answers one path; undefined: it is none of these. For services with a server of their own. */
export async function answerProbe(path: string, state: StateReporter, metrics: MetricsText): Promise<ProbeAnswer | undefined> {
  if (path === '/metrics') return { status: 200, contentType: metrics.contentType, body: await metrics.text() };
  if (path === '/healthz') return { status: 200, contentType: plain, body: 'alive\n' };
  if (path === '/state') return { status: 200, contentType: json, body: JSON.stringify(state.said) };
  if (path !== '/readyz') return undefined;
  const { ready, reason } = readiness(state.said);
  return { status: ready ? 200 : 503, contentType: plain, body: `${reason}\n` };
}

export interface ProbeAddress { readonly host: string; readonly port: number }

/** Listens until the process ends. A port in use is a warning: the figures go on without. Resolves when it is known. */
export async function listenForProbes({ host, port }: ProbeAddress, state: StateReporter, metrics: MetricsText, logger: Logger): Promise<Server | undefined> {
  const server = createServer((request, response) => {
    const answer = (status: number, contentType: string, body: string): void => {
      response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store', ...(status === 405 ? { allow: 'GET, HEAD' } : {}) });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, plain, 'only GET and HEAD\n');
    const [path = ''] = (request.url ?? '').split('?');
    answerProbe(path, state, metrics).then(
      (found) => (found ? answer(found.status, found.contentType, found.body) : answer(404, plain, 'there are /metrics, /healthz, /readyz, /state\n')),
      (error: Error) => { logger.warn({ error: error.message, path }, 'a probe could not be answered'); answer(500, plain, 'see the log\n'); },
    );
  });
  server.requestTimeout = limits.probeRequestMs;
  server.headersTimeout = limits.probeRequestMs;
  server.maxConnections = limits.probeConnections;
  /** It must not keep a process alive that has nothing else to do. */
  server.unref();
  return new Promise((resolve) => {
    server.on('error', (error: Error) => {
      logger.warn({ host, port, error: error.message }, 'no /metrics, /healthz, /readyz, /state: the port cannot be had; the service goes on without. Set TIDEWAITER_METRICS_PORT');
      resolve(undefined);
    });
    server.listen(port, host, () => resolve(server));
  });
}
