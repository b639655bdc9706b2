/**
 * Who may do what: every role on every route, every role for every event of the stream. What is expected is written
 * out here, by people who know who may see what, and not read from the table that the server works by.
 */
import fastify from 'fastify';
import { guard } from '../../services/console/access/guard';
import { permissionsOf, roles, routeAccess, streamEvents, type Role, type StreamEventName } from '../../services/console/access/permissions';
import type { Page } from '../../services/console/live/pages';
import { alertValue, ConsoleWorld, rejectValue } from '../support/console-world';

jest.setTimeout(60_000);
let world: ConsoleWorld;
const declared: string[] = [];

beforeAll(async () => {
  world = await ConsoleWorld.start();
  await world.append('customs.alerts.precursors.v1', alertValue());
  await world.append('customs.declarations.rejected.v1', rejectValue());
  await world.until('the lists have both', () => world.console.parts.alerts.one('alert-1') !== undefined && world.console.parts.refusals.one('ingest-0-7') !== undefined);
  declared.push(...routesOf(world.server.printRoutes({ commonPrefix: false })));
});
afterAll(() => world.stop());

const [viewer, analyst, enforcement, operator] = roles;
const everyone: readonly Role[] = roles;
type Allowed = 'anybody' | readonly Role[];
interface Row { readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE'; readonly path: string; readonly route: string; readonly allowed: Allowed; readonly payload?: object }
const row = (method: Row['method'], route: string, allowed: Allowed, path = route, payload?: object): Row => ({ method, route, allowed, path, ...(payload ? { payload } : {}) });

const rows: readonly Row[] = [
  row('GET', '/healthz', 'anybody'), row('GET', '/readyz', 'anybody'), row('GET', '/state', 'anybody'), row('GET', '/*', 'anybody', '/index.html'), row('HEAD', '/*', 'anybody', '/index.html'),
  row('POST', '/api/v1/session', 'anybody', '/api/v1/session', {}), row('GET', '/api/v1/session/options', 'anybody'), row('GET', '/api/v1/oidc/start', 'anybody'), row('GET', '/api/v1/oidc/callback', 'anybody'),
  row('GET', '/api/v1/session', everyone), row('DELETE', '/api/v1/session', everyone), row('GET', '/api/v1/texts/:lang', everyone, '/api/v1/texts/fr'), row('GET', '/api/v1/openapi.json', everyone),
  row('GET', '/api/v1/now', [viewer]), row('GET', '/api/v1/status', [viewer]), row('GET', '/api/v1/stream', everyone, '/api/v1/stream?topics=none'),
  row('GET', '/api/v1/cubes', [viewer]), row('GET', '/api/v1/figures/:view', [viewer], '/api/v1/figures/revenue?period=month:2026-03'), row('GET', '/api/v1/figures/:view/csv', [analyst], '/api/v1/figures/revenue/csv?period=month:2026-03'),
  row('GET', '/api/v1/explain/:view', [viewer], '/api/v1/explain/revenue?period=month:2026-03'), row('GET', '/api/v1/explain/declaration/:declarationId', [viewer], '/api/v1/explain/declaration/CD-2026-7'),
  row('GET', '/api/v1/periods', [viewer, operator]), row('GET', '/api/v1/periods/:month', [viewer, operator], '/api/v1/periods/2026-03'), row('POST', '/api/v1/periods/:month/closing', [operator], '/api/v1/periods/2026-99/closing', {}),
  row('GET', '/api/v1/alerts', [enforcement]), row('GET', '/api/v1/alerts/:alertId', [enforcement], '/api/v1/alerts/alert-1'), row('POST', '/api/v1/alerts/:alertId/decisions', [enforcement], '/api/v1/alerts/alert-1/decisions', { state: 'open', reason: 'looked at' }),
  row('GET', '/api/v1/rejects', [analyst, operator]), row('GET', '/api/v1/rejects/:rejectId', [analyst, operator], '/api/v1/rejects/ingest-0-7'), row('POST', '/api/v1/rejects/redrive', [operator], '/api/v1/rejects/redrive', { rejectIds: ['ingest-0-7'], dryRun: true }),
  row('GET', '/api/v1/reference', [viewer]), row('GET', '/api/v1/audit', [operator]),
];

/** Routes as the server itself prints them: a tree, each line with what it adds to the path of its parent. */
function routesOf(printed: string): string[] {
  const parents: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const found = /^(.*?[├└]── )(\S*)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods] = found;
    const depth = indent.length / 4 - 1;
    parents.length = depth;
    const path = (parents[depth - 1] ?? '') + part;
    parents[depth] = path;
    return methods === undefined ? [] : methods.split(', ').map((method) => `${method} ${path === '*' ? '/*' : path}`);
  });
}

test('the server has the routes of this table, and no other; so has its own table', () => {
  const known = rows.map(({ method, route }) => `${method} ${route}`).sort();
  expect([...new Set(declared)].sort()).toEqual(known);
  expect(Object.keys(routeAccess).sort()).toEqual(known);
});

describe.each(rows)('$method $route', ({ method, path, allowed, payload }) => {
  const ask = async (headers: Readonly<Record<string, string>>) => world.server.inject({ method, url: path, headers, ...(payload ? { payload } : {}) });

  test.each(roles)('as %s', async (role) => {
    const { statusCode } = await ask({ authorization: `Bearer ${await world.bearer(role)}` });
    const refused = allowed !== 'anybody' && !allowed.includes(role);
    expect({ role, refused: statusCode === 403 }).toEqual({ role, refused });
    expect(statusCode).not.toBe(500);
    if (allowed !== 'anybody') expect(statusCode).not.toBe(401);
  });

  test('as nobody', async () => {
    const { statusCode } = await ask({});
    if (allowed === 'anybody') expect([200, 400, 404]).toContain(statusCode);
    else expect(statusCode).toBe(401);
  });

  test('with a token that somebody else signed', async () => {
    if (allowed === 'anybody') return;
    const [head, body] = (await world.bearer('operator')).split('.');
    expect((await ask({ authorization: `Bearer ${head}.${body}.${Buffer.from('not the key').toString('base64url')}` })).statusCode).toBe(401);
  });
});

test('a route without a row keeps the server from starting', () => {
  const server = fastify();
  guard(server, { tokens: world.console.parts.tokens, sessions: world.console.parts.sessions, onDenied: () => undefined });
  expect(() => server.get('/api/v1/secrets', async () => ({}))).toThrow(/GET \/api\/v1\/secrets has no permission/);
});

describe('precursors are for enforcement alone, whatever the way', () => {
  test.each([['viewer', 403], ['enforcement', 403], ['viewer enforcement', 422]] as const)('figures as %s', async (held, status) => {
    const token = await world.bearer(...(held.split(' ') as Role[]));
    const answer = await world.server.inject({ url: '/api/v1/figures/precursors?period=month:2026-03&by=office', headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(status === 422 ? 400 : status);
  });

  test.each(['precursors', 'operations'])('declarations of %s say which of them were flagged', async (view) => {
    const asked = async (...held: Role[]) => (await world.server.inject({ url: `/api/v1/explain/${view}?period=month:2026-03`, headers: { authorization: `Bearer ${await world.bearer(...held)}` } })).statusCode;
    expect([await asked('viewer'), await asked('enforcement'), await asked('viewer', 'enforcement')]).toEqual([403, 403, 200]);
  });

  test('an answer that another role waits for is no answer for who may not ask', async () => {
    const [may, mayNot] = await Promise.all([world.bearer('viewer', 'enforcement'), world.bearer('viewer')]);
    const ask = async (token: string) => (await world.server.inject({ url: '/api/v1/figures/precursors?period=month:2026-03&by=substance', headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await Promise.all([ask(may), ask(mayNot), ask(may), ask(mayNot)])).toEqual([200, 403, 200, 403]);
  });

  test('neither the views nor the first page name them to a viewer', async () => {
    const headers = { authorization: `Bearer ${await world.bearer('viewer')}` };
    expect(Object.keys((await world.server.inject({ url: '/api/v1/cubes', headers })).json<{ views: object }>().views).sort()).toEqual(['operations', 'quality', 'revenue', 'statistics']);
    expect((await world.server.inject({ url: '/api/v1/now', headers })).json<{ alerts: unknown }>().alerts).toBeNull();
    const both = { authorization: `Bearer ${await world.bearer('viewer', 'enforcement')}` };
    expect((await world.server.inject({ url: '/api/v1/now', headers: both })).json<{ alerts: unknown }>().alerts).toEqual({ lastHour: 0, last24Hours: 0 });
  });
});

const told: Readonly<Record<StreamEventName, readonly Role[]>> = { now: [viewer], status: [viewer], declaration: [viewer], figures: [viewer], alert: [enforcement] };

test('every event of the stream stands in this table', () => { expect(Object.keys(streamEvents).sort()).toEqual(Object.keys(told).sort()); });

describe.each(Object.keys(told) as StreamEventName[])('the event %s', (name) => {
  test.each(roles)('as %s', (role) => {
    const heard: string[] = [];
    const page: Page = { permissions: permissionsOf([role]), wants: new Set([name]), lasts: () => true, close: () => undefined, send: (message) => { heard.push(message); return true; } };
    const { pages } = world.console.parts;
    pages.join(page, undefined);
    heard.length = 0;
    pages.publish(name, name === 'figures' ? { views: ['revenue', 'precursors'] } : { alerts: { lastHour: 1 } });
    pages.leave(page);
    expect(heard.map((message) => /^event: (.*)$/m.exec(message)?.[1])).toEqual(told[name].includes(role) ? [name] : []);
    if (role === 'viewer' && (name === 'now' || name === 'figures')) expect(heard.join()).not.toMatch(/precursors|lastHour/);
  });
});
