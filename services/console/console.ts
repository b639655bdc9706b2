/** Puts the console together from its settings and neighbours. Nothing is asked of a neighbour before it answers requests. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { AlertBook } from '../alerts/alert-book';
import { limits } from '../limits';
import { queryContext } from '../query/query-context';
import { RefusalBook } from '../redrive/refusal-book';
import { connectStates } from '../shell/connect';
import { readCatalogue, readProfile } from '../shell/definition-files';
import type { FigureReader } from '../shell/figure-store';
import { LiveNamespace, promotedFigures } from '../shell/live-namespace';
import { checkManifest } from '../shell/manifest-check';
import type { LogInspector } from '../shell/ports';
import { projectRoot } from '../shell/project-root';
import type { ServiceContext } from '../shell/service';
import { within } from '../shell/within';
import { accessParts } from './access/access-parts';
import { Acts } from './acts';
import type { ConsoleParts } from './api/parts';
import { AuditBook } from './live/audit-book';
import { Collector } from './live/collector';
import { Explanations } from './live/explanations';
import { Figures } from './live/figures';
import { FollowedTopics, LISTS } from './live/followed-topics';
import { Fresh } from './live/fresh';
import { lightOf } from './live/light';
import { LiveStatus } from './live/live-status';
import { Months } from './live/months';
import { Now } from './live/now';
import type { StatusPorts } from '../status/status-findings';
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
  const figures = new Figures(queryContext(config), new LiveNamespace(config, { ...neighbours, figures: (place) => neighbours.figures(place, limits.consoleUnpackedBytes) }), nowMs, (manifest) => checkManifest(manifest, config));
  /** Of what the live services count: how far they are. */
  const services = neighbours.figures();
  const live = liveParts(context, services, figures, inspector, waits, nowMs);
  const acts = new Acts({ log, registry, figures, inspector, nowMs, onAuditLost: (entry, reason) => logger.error({ ...entry, reason }, 'an audit entry could not be written') });
  const reference = { catalogue: readCatalogue(profile), loadedAt: new Map<string, number>() };
  const explanations = new Explanations({ figures, log, registry, inspector, neighbours, config, catalogue: reference.catalogue, profile, logger });
  const parts: ConsoleParts = {
    profile, ...accessParts(config, nowMs), ...live, figures, explanations, months: new Months(figures), pages, acts, registry, inspector, nowMs,
    alerts: new AlertBook(limits.alertsRemembered, limits.decisionsRemembered), refusals: new RefusalBook(limits.refusalsRemembered),
    audit: new AuditBook(limits.auditEntriesRemembered), reference, said: () => context.state.said,
    notReady: async () => (waits.has('redis') ? waits.all() : [...waits.all(), ...(await within(limits.reachMs, figures.position()).then(() => [], (error: unknown) => [`redis does not answer: ${(error as Error).message}`]))]), listsRead: () => !waits.has(LISTS), pageFolder: context.pageFolder ?? join(projectRoot(), 'dist', 'services', 'console', 'page'),
  };
  const collector = new Collector({ ...live, pages, figures, minorUnits: profile.minorUnits, onRedis: (trouble) => waits.set('redis', trouble && `does not answer: ${trouble}`) });
  const topics = new FollowedTopics({ ...parts, reference, log, collector, logger }, waits);
  const server = await createServer(parts, logger);
  const stop = async (): Promise<void> => {
    await collector.stop();
    pages.closeAll();
    await server.close();
    for (const part of [topics, acts]) await part.stop();
    for (const part of [explanations, figures, services, log]) await part.close();
  };
  return { server, parts, collector, topics, stop };
}

function liveParts({ config, logger }: ConsoleContext, reader: FigureReader, figures: Figures, inspector: () => Promise<LogInspector>, waits: Waits, nowMs: () => number): Pick<ConsoleParts, 'texts' | 'status' | 'now'> {
  const texts = new Texts();
  const promoted = async (): ReturnType<StatusPorts['promoted']> => {
    const stores = await figures.stores();
    return promotedFigures(config, stores.live, () => stores.reader);
  };
  const liveStatus = new LiveStatus({ states: connectStates(config), inspector, reader, promoted, nowMs });
  const status = new Fresh(() => liveStatus.report(), limits.consoleStatusMs);
  const now = new Now(figures, async (catchingUp) => {
    const known = await status.recent(2 * limits.consoleStatusMs).catch((error: unknown) => { logger.warn({ error: (error as Error).message }, 'the status of the services cannot be read'); return undefined; });
    return lightOf({ status: known, catchingUp, away: waits.all() }, (key, values) => texts.all(key, values));
  }, nowMs);
  return { texts, status, now: new Fresh(() => now.report(), limits.consoleNowMs) };
}

/** Asked for again after a failure: a neighbour may be away at first. */
function remembered<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  return () => (known ??= make().catch((error: unknown) => { known = undefined; throw error; }));
}
