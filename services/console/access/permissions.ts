/**
 * Who may do what, as data. A role implies no other. What stands in neither table is not served: the server refuses
 * to start with a route that has no row, and test/contract/console-permissions.test.ts tries every cell.
 */
import type { View } from '../../topology';

export const roles = ['viewer', 'analyst', 'enforcement', 'operator'] as const;
export type Role = (typeof roles)[number];

export const permissions = {
  'see:now': ['viewer'],
  'see:stream': ['viewer'],
  'see:figures': ['viewer'],
  'see:reference': ['viewer'],
  /** Without figures: who signs off need not see them. */
  'see:periods': ['viewer', 'operator'],
  'download': ['analyst'],
  'see:precursors': ['enforcement'],
  'decide:alerts': ['enforcement'],
  'see:rejects': ['operator', 'analyst'],
  'redrive': ['operator'],
  'close:period': ['operator'],
  'see:audit': ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;
export type Permission = keyof typeof permissions;

/** `open`: before anybody has signed in; `session`: whoever has. */
export type Access = 'open' | 'session' | Permission;

export const routeAccess: Readonly<Record<string, Access>> = {
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  /** No more than /readyz tells, and where somebody asks whether the console runs. */
  'GET /state': 'open',
  'GET /*': 'open',
  'HEAD /*': 'open',
  'POST /api/v1/session': 'open',
  'GET /api/v1/session/options': 'open',
  'GET /api/v1/oidc/start': 'open',
  'GET /api/v1/oidc/callback': 'open',
  'GET /api/v1/session': 'session',
  'DELETE /api/v1/session': 'session',
  'GET /api/v1/texts/:lang': 'session',
  'GET /api/v1/openapi.json': 'session',
  'GET /api/v1/now': 'see:now',
  'GET /api/v1/status': 'see:now',
  /** Each event has a permission of its own, below. */
  'GET /api/v1/stream': 'session',
  'GET /api/v1/cubes': 'see:figures',
  'GET /api/v1/figures/:view': 'see:figures',
  'GET /api/v1/figures/:view/csv': 'download',
  /** And `see:stream`, which is what single declarations are seen by; of some views more, below. */
  'GET /api/v1/explain/:view': 'see:figures',
  'GET /api/v1/explain/declaration/:declarationId': 'see:stream',
  'GET /api/v1/periods': 'see:periods',
  'GET /api/v1/periods/:month': 'see:periods',
  'POST /api/v1/periods/:month/closing': 'close:period',
  'GET /api/v1/alerts': 'see:precursors',
  'GET /api/v1/alerts/:alertId': 'see:precursors',
  'POST /api/v1/alerts/:alertId/decisions': 'decide:alerts',
  'GET /api/v1/rejects': 'see:rejects',
  'GET /api/v1/rejects/:rejectId': 'see:rejects',
  'POST /api/v1/rejects/redrive': 'redrive',
  'GET /api/v1/reference': 'see:reference',
  'GET /api/v1/audit': 'see:audit',
};

/** What a view needs beyond its route. */
export const viewAccess: Readonly<Record<View, Permission | undefined>> = { revenue: undefined, statistics: undefined, operations: undefined, quality: undefined, precursors: 'see:precursors' };

/** What the declarations of a figure need beyond the figure: those of operations say which of them was flagged. */
export const declarationAccess: Readonly<Record<View, Permission | undefined>> = { ...viewAccess, operations: 'see:precursors' };

export const streamEvents = { now: 'see:now', status: 'see:now', declaration: 'see:stream', figures: 'see:figures', alert: 'see:precursors' } as const satisfies Readonly<Record<string, Permission>>;
export type StreamEventName = keyof typeof streamEvents;
/** A page asks for topics; of those that it may not see it hears nothing. */
export const streamTopics = { now: ['now'], figures: ['figures'], status: ['status'], declarations: ['declaration'], alerts: ['alert'] } as const satisfies Readonly<Record<string, readonly StreamEventName[]>>;
export type StreamTopic = keyof typeof streamTopics;

export const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

/** Everything that these roles together may do. */
export const permissionsOf = (held: readonly Role[]): ReadonlySet<Permission> =>
  new Set((Object.keys(permissions) as Permission[]).filter((permission) => permissions[permission].some((role) => held.includes(role))));
