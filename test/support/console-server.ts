/** Answers the console's contract with made-up data, so that the page can be driven without a stack. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, resolve } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { madeUpExplanation, madeUpTrace, type ShownFigures } from './console-explained';
import { madeUpFigures } from './console-figures';
import { MadeUpPeriods } from './console-periods';
import { madeUpAct, madeUpAlert, madeUpNow, madeUpReject, madeUpStatus, madeUpTailRow, madeUpUsual } from './console-records';

const root = resolve(__dirname, '../..');
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const viewer = ['see:now', 'see:stream', 'see:figures', 'see:reference', 'see:periods'];
const permissionsOf: Readonly<Record<string, readonly string[]>> = {
  viewer,
  operator: ['see:periods', 'see:rejects', 'redrive', 'close:period', 'see:audit'],
  /** No role of ours: figures without declarations. */
  figures: ['see:figures'],
  enforcement: ['see:precursors', 'decide:alerts'],
  everything: [...viewer, 'download', 'see:precursors', 'decide:alerts', 'see:rejects', 'redrive', 'close:period', 'see:audit'],
};
/** Declarations of an explanation that come at a time. */
const PAGE = 25;
type Query = Readonly<Record<string, string | string[] | undefined>>;
interface Client { readonly reply: FastifyReply; readonly topics: readonly string[]; readonly permissions: readonly string[] }

export class ConsoleServer {
  troubled = false;
  /** Explanations come without what the log says. */
  logAway = false;
  readonly periods = new MadeUpPeriods();
  /** What was posted, for tests to look at. */
  readonly posted: { readonly path: string; readonly body: unknown }[] = [];
  readonly lastEventIds: (string | undefined)[] = [];
  private readonly app: FastifyInstance = Fastify();
  private readonly shown = new Map<string, ShownFigures>();
  private readonly sessions = new Map<string, string>();
  private readonly clients = new Set<Client>();
  private readonly alerts = Array.from({ length: 40 }, (_, number) => madeUpAlert(number + 1));
  private readonly timers: NodeJS.Timeout[] = [];
  private eventId = 0;
  private tailNumber = 0;

  async start(): Promise<string> {
    this.app.get('/', async (_request, reply) => sendFile(reply, 'index.html'));
    this.app.get<{ Params: { name: string } }>('/:name', async (request, reply) => sendFile(reply, request.params.name));
    this.app.addHook('onSend', async (_request, reply) => { reply.header('content-security-policy', policy); });
    this.sessionRoutes();
    this.figureRoutes();
    this.periodRoutes();
    this.alertRoutes();
    this.rejectRoutes();
    this.auditRoutes();
    this.streamRoutes();
    await this.app.listen({ host: '127.0.0.1', port: 0 });
    this.timers.push(setInterval(() => this.tick(), 1_000), setInterval(() => this.tail(), 100));
    return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.cutStreams();
    await this.app.close();
  }

  /** Every open stream breaks, as behind a proxy that restarts. */
  cutStreams(): void {
    for (const { reply } of this.clients) reply.raw.destroy();
    this.clients.clear();
  }

  alert(): void { this.send('alert', 'alerts', 'see:precursors', madeUpAlert(900 + this.eventId)); }

  private sessionRoutes(): void {
    const open = new Set(['/api/v1/session', '/api/v1/session/options']);
    this.app.addHook('onRequest', async (request, reply) => {
      const path = request.url.split('?')[0] as string;
      if (!path.startsWith('/api/') || open.has(path)) return;
      if (this.roleOf(request) === undefined) await refuse(reply, 401, 'unauthenticated', 'Sign in.');
      else if (request.method !== 'GET' && request.headers['x-csrf-token'] !== 'csrf') await refuse(reply, 403, 'csrf', 'The token is missing.');
    });
    this.app.get('/api/v1/session/options', () => ({ oidc: true, languages: ['en', 'fr'] }));
    this.app.post<{ Body: { token: string } }>('/api/v1/session', async (request, reply) => {
      const { token } = request.body;
      if (!(token in permissionsOf)) return refuse(reply, 401, 'unauthenticated', 'The token is not valid.');
      const id = randomUUID();
      this.sessions.set(id, token);
      return reply.header('set-cookie', `tidewaiter-session=${id}; HttpOnly; SameSite=Strict; Path=/`).send({});
    });
    this.app.get('/api/v1/session', async (request, reply) => {
      const role = this.roleOf(request);
      if (role === undefined) return refuse(reply, 401, 'unauthenticated', 'Sign in.');
      return { name: 'A. Mbuyi', roles: [role], permissions: permissionsOf[role], csrfToken: 'csrf', expiresAt: '2099-01-01T00:00:00.000Z', oidc: false, profile: { id: 'CD', currency: 'CDF', minorUnits: 2, timeZone: 'Africa/Kinshasa', reporterCountry: 'CD', languages: ['fr', 'en'] } };
    });
    this.app.delete('/api/v1/session', async (request, reply) => {
      this.sessions.delete(sessionId(request));
      return reply.code(204).send();
    });
  }

  private figureRoutes(): void {
    const cube = (view: string, measures: readonly string[]) => ({ measures, ...(JSON.parse(readFileSync(join(root, 'schemas/cubes', `${view}.json`), 'utf8')) as object) });
    this.app.get('/api/v1/cubes', () => ({ views: { revenue: cube('revenue', ['assessed']), statistics: cube('statistics', ['value']) } }));
    this.app.get<{ Params: { view: string }; Querystring: Query }>('/api/v1/figures/:view', async ({ params: { view }, query }, reply) => {
      const period = String(query['period']);
      const where = conditions(query);
      if (where['office'] === 'NONE') return refuse(reply, 422, 'refused', 'revenue by office is not kept. Kept are:\n  office, taxType, chapter  (by day, month)');
      const by = String(query['by'] ?? '').split(',').filter((name) => name !== '');
      const figures = madeUpFigures({ view, period, by, where, adjustments: query['adjustments'] === 'true' }, query['at'] as string | undefined, period === 'month:2026-02');
      this.shown.set(`${view} ${period}`, figures as ShownFigures);
      return figures;
    });
    this.explainRoutes();
    this.app.get('/api/v1/figures/:view/csv', async (_request, reply) => reply.type('text/csv').header('content-disposition', 'attachment; filename="figures.csv"').send('office,assessed\nKIN01,1.00\n'));
  }

  private explainRoutes(): void {
    this.app.get<{ Params: { view: string }; Querystring: Query }>('/api/v1/explain/:view', async (request, reply) => {
      const { params: { view }, query } = request;
      const [where, after] = [conditions(query), Number(/\.(\d+)$/.exec(String(query['after']))?.[1] ?? 0)];
      const figures = this.shown.get(`${view} ${String(query['period'])}`);
      if (!figures || where['office'] === 'MAT01') return refuse(reply, 422, 'refused', 'more than 100000 declarations have a date in this period: narrow it to a shorter period');
      return madeUpExplanation(figures, where, String(query['measure']), after, PAGE, { hits: this.permissions(request).includes('see:precursors'), log: !this.logAway });
    });
    this.app.get<{ Params: { id: string } }>('/api/v1/explain/declaration/:id', (request) => madeUpTrace(request.params.id, this.permissions(request).includes('see:precursors')));
  }

  private periodRoutes(): void {
    this.app.get('/api/v1/periods', () => this.periods.list());
    this.app.get<{ Params: { month: string } }>('/api/v1/periods/:month', ({ params: { month } }) => this.periods.one(month));
    this.app.post<{ Params: { month: string } }>('/api/v1/periods/:month/closing', async ({ params: { month }, body, url }, reply) => {
      this.posted.push({ path: url, body });
      const seal = await this.periods.close(month, 'A. Mbuyi');
      return seal ? reply.code(201).send(seal) : refuse(reply, 409, 'contradictory', `${month} is not closed, since its figures contradict each other:\n  revenue ${month}: KIN01|CUD|87 assessed is 101 by offices and 100 by days`);
    });
  }

  private alertRoutes(): void {
    const of = (id: string) => this.alerts.find(({ alertId }) => alertId === id) ?? this.alerts[0];
    this.app.get<{ Querystring: Query }>('/api/v1/alerts', ({ query }) => {
      const matches = (wanted: string | string[] | undefined, value: unknown): boolean => wanted === undefined || wanted === String(value);
      const state = (alert: (typeof this.alerts)[number]): string => alert.decision?.state ?? 'open';
      const alerts = this.alerts.filter((alert) => matches(query['level'], alert.level) && matches(query['list'], alert.listId) && matches(query['substance'], alert.substance) && matches(query['office'], alert.office) && matches(query['state'], state(alert)));
      const count = (name: string): number => this.alerts.filter((alert) => state(alert) === name).length;
      return { alerts, next: null, counts: { open: count('open'), cleared: count('cleared'), held: count('held') } };
    });
    this.app.get<{ Params: { id: string } }>('/api/v1/alerts/:id', ({ params: { id } }) => {
      const alert = of(id);
      return { alert, decisions: alert?.decision ? [alert.decision] : [], declared: id.endsWith('9') ? null : { netMassKg: '1892.400', quantity: { value: '2400.000', unit: 'LTR' } }, usual: madeUpUsual(id.endsWith('9')) };
    });
    this.app.post<{ Params: { id: string }; Body: { state: string; reason: string } }>('/api/v1/alerts/:id/decisions', async ({ params: { id }, body, url }, reply) => {
      this.posted.push({ path: url, body });
      const alert = of(id);
      if (alert) alert.decision = { ...body, by: 'A. Mbuyi', at: new Date().toISOString() };
      return reply.code(201).send({});
    });
  }

  private rejectRoutes(): void {
    const rejects = Array.from({ length: 60 }, (_, number) => madeUpReject(number));
    this.app.get<{ Querystring: Query }>('/api/v1/rejects', ({ query }) => {
      const counts = new Map<string, { stage: string; code: string; count: number }>();
      for (const { stage, code } of rejects) counts.set(code, { stage, code, count: (counts.get(code)?.count ?? 0) + 1 });
      return { rejects: rejects.filter(({ code }) => query['code'] === undefined || code === query['code']), next: null, counts: [...counts.values()].sort((a, b) => b.count - a.count) };
    });
    this.app.get<{ Params: { id: string } }>('/api/v1/rejects/:id', ({ params: { id } }) => {
      const reject = rejects.find(({ rejectId }) => rejectId === id);
      const content = reject?.code === 'E-DECODE-FRAME' ? { hex: '7b226465636c61726174696f6e', reason: 'no magic byte: looks like JSON' } : { declarationId: reject?.declarationId, version: 1, status: 'ACCEPTED', office: 'KIN01', flow: 'IMPORT', traderId: '[removed]', items: [{ itemNumber: 1, commodityCode: '87032310', invoiceAmount: { amount: '1250.0000', currency: 'XXX' } }] };
      return { reject, content };
    });
    this.app.post<{ Body: { rejectIds?: string[]; code?: string; dryRun: boolean } }>('/api/v1/rejects/redrive', ({ body, url }) => {
      this.posted.push({ path: url, body });
      const chosen = rejects.filter(({ rejectId, code }) => body.rejectIds?.includes(rejectId) ?? code === body.code);
      return { selected: chosen.length, sent: body.dryRun ? 0 : chosen.length, skipped: [], sample: chosen.slice(0, 3).map(({ rejectId }) => rejectId) };
    });
  }

  private auditRoutes(): void {
    const all = Array.from({ length: 130 }, (_, number) => madeUpAct(number));
    this.app.get<{ Querystring: Query }>('/api/v1/audit', ({ query }) => {
      const listed = all.filter(({ action, by }) => (query['action'] ?? action) === action && by.toLowerCase().includes(String(query['by'] ?? '').toLowerCase()));
      const start = listed.findIndex(({ auditId }) => auditId === query['before']) + 1;
      const audit = listed.slice(start, start + Number(query['limit']));
      return { audit, next: start + audit.length < listed.length ? audit.at(-1)?.auditId : null, actions: [...new Set(all.map(({ action }) => action))].sort() };
    });
  }

  private streamRoutes(): void {
    this.app.get('/api/v1/now', (request) => madeUpNow(this.troubled, this.permissions(request).includes('see:precursors')));
    this.app.get('/api/v1/status', () => madeUpStatus(this.troubled));
    this.app.get('/api/v1/reference', () => ({ reference: [
      { kind: 'pack', id: 'imts2010', version: '1.0.0', title: 'International Merchandise Trade Statistics 2010', validFrom: '1988-01-01', loadedAt: '2026-03-01T06:00:00.000Z' },
      { kind: 'watchlist', id: '1988', version: '2026.1', title: 'UN Convention of 1988, tables I and II', validFrom: '2026-01-01', loadedAt: '2026-03-01T06:00:00.000Z' },
      { kind: 'rates', id: 'cd-rates', version: '2026-03-15', title: 'Official rates', validFrom: '2026-03-15', loadedAt: '2026-03-15T05:58:00.000Z' },
    ] }));
    this.app.get<{ Querystring: { topics: string } }>('/api/v1/stream', (request, reply) => {
      this.lastEventIds.push(request.headers['last-event-id'] as string | undefined);
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'content-security-policy': policy });
      reply.raw.write('retry: 500\n\n');
      const client = { reply, topics: request.query.topics.split(','), permissions: this.permissions(request) };
      this.clients.add(client);
      request.raw.on('close', () => this.clients.delete(client));
    });
  }

  private tick(): void {
    for (const client of this.clients) if (client.topics.includes('now')) this.write(client, 'now', madeUpNow(this.troubled, client.permissions.includes('see:precursors')));
    this.send('status', 'status', 'see:stream', madeUpStatus(this.troubled));
    this.send('figures', 'figures', 'see:figures', { views: ['revenue'] });
  }

  private tail(): void { this.send('declaration', 'declarations', 'see:stream', madeUpTailRow(++this.tailNumber)); }

  private send(event: string, topic: string, permission: string, data: unknown): void {
    for (const client of this.clients) if (client.topics.includes(topic) && client.permissions.includes(permission)) this.write(client, event, data);
  }

  private write({ reply }: Client, event: string, data: unknown): void { reply.raw.write(`id: ${++this.eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`); }

  private roleOf(request: FastifyRequest): string | undefined { return this.sessions.get(sessionId(request)); }
  private permissions(request: FastifyRequest): readonly string[] { return permissionsOf[this.roleOf(request) ?? ''] ?? []; }
}

const conditions = (query: Query): Readonly<Record<string, string>> => Object.fromEntries([query['where'] ?? []].flat().map((text) => text.split(':', 2) as [string, string]));

const refuse = (reply: FastifyReply, status: number, code: string, message: string): FastifyReply => reply.code(status).send({ error: { code, message } });

const sessionId = (request: FastifyRequest): string => /tidewaiter-session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** By hand, as cookies are: the plugins need modules that jest does not load as CommonJS. */
function sendFile(reply: FastifyReply, name: string): FastifyReply {
  const path = join(root, 'dist/services/console/page', basename(name));
  return existsSync(path) ? reply.type(types[extname(path)] ?? 'application/octet-stream').send(readFileSync(path)) : reply.code(404).send();
}
