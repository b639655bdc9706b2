/** Puts the console together from its settings and neighbours. Nothing is asked of a neighbour before it answers requests. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { AlertBook } from '../alerts/alert-book';
import { limits } from '../limits';
import { queryContext } from '../query/query-context';
import { RefusalBook } from '../redrive/refusal-book';
import { readCatalogue, readProfile } from '../shell/definition-files';
import { checkManifest } from '../shell/manifest-check';
import type { LogInspector } from '../shell/ports';
import { projectRoot } from '../shell/project-root';
import type { ServiceContext } from '../shell/service';
import { within } from '../shell/within';
import { accessParts } from './access/access-parts';
import { Acts, type AuditEntry } from './acts';
import type { ConsoleParts } from './api/parts';
import { Collector } from './live/collector';
import { Figures } from './live/figures';
import { FollowedTopics, LISTS } from './live/followed-topics';
import { Fresh } from './live/fresh';
import { lightOf } from './live/light';
import { LiveStatus } from './live/live-status';
import { Now } from './live/now';
import { Pages } from './live/pages';
import { Waits } from './live/waits';
import { createServer } from './server';
import { Texts } from './texts';

export interface ConsoleContext extends Pick<ServiceContext, 'config' | 'logger' | 'state' | 'neighbours'> { readonly pageFolder?: string }
export interface Console { readonly server: FastifyInstance; readonly parts: ConsoleParts; readonly collector: Collector; readonly topics: FollowedTopics; stop(): Promise<void> }

export async function createConsole(context: ConsoleContext): Promise<Console> {
  const { config, logger, neighbours } = context;
  const nowMs = (): number => Date.now();
  const waits = new Waits(context.state);
  const [log, registry, profile, pages] = [neighbours.log(), neighbours.registry(), readProfile(config.TIDEWAITER_PROFILE), new Pages(nowMs() * limits.streamIdsPerMs)];
  const inspector = remembered(() => log.inspector());
  const figures = new Figures(queryContext(config), neighbours.figures(), neighbours.closed(), nowMs, (manifest) => checkManifest(manifest, config));
  const live = liveParts(context, figures, inspector, waits, nowMs);
  const acts = new Acts({ log, registry, figures, inspector, nowMs, onAuditLost: (entry, reason) => logger.error({ ...entry, reason }, 'an audit entry could not be written') });
  const audit = new Map<string, AuditEntry>();
  const reference = { catalogue: readCatalogue(profile), loadedAt: new Map<string, number>() };
  const parts: ConsoleParts = {
    profile, ...accessParts(config, nowMs), ...live, figures, pages, acts, registry, inspector, nowMs,
    alerts: new AlertBook(limits.alertsRemembered, limits.decisionsRemembered), refusals: new RefusalBook(limits.refusalsRemembered),
    audit, reference,
    notReady: async () => (waits.has('redis') ? waits.all() : [...waits.all(), ...(await within(limits.reachMs, figures.position()).then(() => [], (error: unknown) => [`redis does not answer: ${(error as Error).message}`]))]), listsRead: () => !waits.has(LISTS), pageFolder: context.pageFolder ?? join(projectRoot(), 'dist', 'services', 'console', 'page'),
  };
  const collector = new Collector({ ...live, pages, figures, minorUnits: profile.minorUnits, onRedis: (trouble) => waits.set('redis', trouble && `does not answer: ${trouble}`) });
  const topics = new FollowedTopics({ ...parts, audit, reference, log, collector, logger }, waits);
  const server = await createServer(parts, logger);
  const stop = async (): Promise<void> => {
    await collector.stop();
    pages.closeAll();
    await server.close();
    for (const part of [topics, acts]) await part.stop();
    for (const part of [figures.reader, figures.closed, log]) await part.close();
  };
  return { server, parts, collector, topics, stop };
}

function liveParts({ config, logger }: ConsoleContext, figures: Figures, inspector: () => Promise<LogInspector>, waits: Waits, nowMs: () => number): Pick<ConsoleParts, 'texts' | 'status' | 'now'> {
  const texts = new Texts();
  const liveStatus = new LiveStatus({ home: config.home, inspector, reader: figures.reader, nowMs });
  const status = new Fresh(() => liveStatus.report(), limits.consoleStatusMs);
  const now = new Now(figures, async (catchingUp) => {
    const known = await status.get().catch((error: unknown) => { logger.warn({ error: (error as Error).message }, 'the status of the services cannot be read'); return undefined; });
    return lightOf({ status: known, catchingUp, away: waits.all() }, (key, values) => texts.all(key, values));
  }, nowMs);
  return { texts, status, now: new Fresh(() => now.report(), limits.consoleNowMs) };
}

/** Asked for again after a failure: a neighbour may be away at first. */
function remembered<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  return () => (known ??= make().catch((error: unknown) => { known = undefined; throw error; }));
}
