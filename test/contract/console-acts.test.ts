/** Signing in, and what people may change: sessions, decisions on alerts, redrives, closings, the audit log. */
import { readFileSync, statSync } from 'node:fs';
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Role } from '../../services/console/access/permissions';
import { limits } from '../../services/limits';
import { formatPosition } from '../../services/domain/position';
import type { FigureChange } from '../../services/shell/figure-store';
import { countedTopic, type TopicName } from '../../services/topology';
import { incrementsOf } from '../support/increments';
import { alertValue, ConsoleWorld, rejectValue } from '../support/console-world';
import { rawValue } from '../support/console-declaration';
import { CountedMonth } from '../support/counted-month';

jest.setTimeout(30_000);
let world: ConsoleWorld;
beforeEach(async () => { world = await ConsoleWorld.start(); });
afterEach(() => world.stop());

const tokens = (): ConsoleWorld['console']['parts']['tokens'] => world.console.parts.tokens;
const signIn = (token: string) => world.server.inject({ method: 'POST', url: '/api/v1/session', payload: { token } });
const as = async (...roles: readonly Role[]) => ({ authorization: `Bearer ${await world.bearer(...roles)}` });

/** Everything on a topic, decoded, as a subscriber would. */
function onTopic(topic: TopicName): Record<string, unknown>[] {
  const type = avroType(topicSchema(topic));
  return world.broker.partitions(topic).flatMap((log) => (log.fetch(0, Infinity)?.records ?? []).map(({ value }) => type.fromBuffer((value as Buffer).subarray(5)) as Record<string, unknown>));
}

describe('sessions', () => {
  test('a token begins one; its cookie cannot be read by scripts nor sent from elsewhere; what changes something needs the header', async () => {
    const answer = await signIn(await tokens().issue({ name: 'N. Mbala', roles: ['viewer', 'operator'], hours: 2, once: false }));
    expect(answer.statusCode).toBe(200);
    const session = answer.json<{ csrfToken: string; permissions: string[]; profile: object; oidc: boolean }>();
    expect(session).toMatchObject({ name: 'N. Mbala', roles: ['viewer', 'operator'], oidc: false, profile: { id: 'CD', currency: 'CDF', minorUnits: 2, timeZone: 'Africa/Kinshasa', reporterCountry: 'CD', languages: ['fr', 'en'] } });
    expect([...session.permissions].sort()).toEqual(['close:period', 'redrive', 'see:audit', 'see:figures', 'see:now', 'see:periods', 'see:reference', 'see:rejects', 'see:stream']);
    const [cookie] = answer.cookies as unknown as { name: string; value: string; httpOnly: boolean; sameSite: string; path: string }[];
    expect(cookie).toMatchObject({ name: 'tidewaiter-session', httpOnly: true, sameSite: 'Strict', path: '/' });
    const cookies = { 'tidewaiter-session': cookie?.value ?? '' };
    expect((await world.server.inject({ url: '/api/v1/session', cookies })).json()).toEqual(session);
    const end = (headers: object) => world.server.inject({ method: 'DELETE', url: '/api/v1/session', cookies, headers: { ...headers } });
    expect((await end({})).statusCode).toBe(403);
    expect((await end({ 'x-csrf-token': 'x'.repeat(session.csrfToken.length) })).statusCode).toBe(403);
    expect((await end({ 'x-csrf-token': session.csrfToken })).statusCode).toBe(204);
    expect((await world.server.inject({ url: '/api/v1/session', cookies })).statusCode).toBe(401);
  });

  test('a one-time token works once, in whatever process, and never without a session', async () => {
    const token = await tokens().issue({ name: 'N. Mbala', roles: ['viewer'], hours: 1, once: true });
    expect((await world.server.inject({ url: '/api/v1/session', headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(401);
    expect((await signIn(token)).statusCode).toBe(200);
    expect((await signIn(token)).json()).toEqual({ error: { code: 'unauthenticated', message: 'this token worked once and was used: ask for another one' } });
  });

  test('sign-in is tried ten times a minute, no oftener', async () => {
    const answers: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) answers.push((await signIn('guess')).statusCode);
    expect(answers).toEqual([...Array<number>(10).fill(401), 429]);
  });

  test('requests are counted by session: officers behind one address do not take them from each other', async () => {
    const [busy, other] = await Promise.all([world.bearer('viewer'), world.bearer('viewer')]);
    const ask = async (token: string) => (await world.server.inject({ url: '/api/v1/session', headers: { authorization: `Bearer ${token}` } })).statusCode;
    for (let asked = 0; asked < limits.consoleRequestsPerMinute; asked++) await ask(busy);
    expect([await ask(busy), await ask(other)]).toEqual([429, 200]);
  });

  test('a token that has run out, and a session cookie shown as a token, sign nobody in', async () => {
    expect((await signIn(await tokens().issue({ name: 'late', roles: ['viewer'], hours: -1, once: false }))).statusCode).toBe(401);
    const { cookie } = await world.console.parts.sessions.begin({ name: 'somebody', roles: ['operator'] });
    expect((await signIn(cookie)).statusCode).toBe(401);
  });

  test('the key belongs to this user alone', () => {
    expect(statSync(`${world.home}/console.key`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${world.home}/console.key`, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('every answer forbids what is inline, frames and guessing at types', async () => {
  const { headers } = await world.server.inject('/index.html');
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('the page is served at the root: asked for anew each time, files with a digest in their name never again', async () => {
  const [root, script] = [await world.server.inject('/?view=revenue'), await world.server.inject('/main-ABCD1234.js')];
  expect([root.statusCode, root.headers['content-type'], root.headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
  expect([script.statusCode, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
});

test('faults have one form, and tell nothing from inside', async () => {
  const asked = [
    { url: '/nowhere' }, { url: '/api/v1/figures/revenue?period=never', headers: await as('viewer') }, { url: '/api/v1/figures/nothing?period=month:2026-03', headers: await as('viewer') },
    { method: 'POST' as const, url: '/api/v1/session', payload: '{"token":', headers: { 'content-type': 'application/json' } }, { method: 'POST' as const, url: '/api/v1/session', payload: { token: 'x'.repeat(100_000) } },
    { url: '/api/v1/figures/revenue?period=month:2026-03&by=importer', headers: await as('viewer') }, { url: '/api/v1/alerts/none', headers: await as('enforcement') },
  ];
  for (const request of asked) {
    const answer = await world.server.inject(request);
    expect({ ...request, status: answer.statusCode, keys: Object.keys(answer.json<{ error: object }>().error) }).toMatchObject({ keys: ['code', 'message'] });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.body).not.toMatch(/\.[tj]s:|node_modules| {4}at /);
  }
});

test('a query that no kept figure answers is refused as such; the others are those of the command line', async () => {
  const headers = await as('viewer');
  expect((await world.server.inject({ url: '/api/v1/figures/revenue?period=minute:2026-03-15T10:05&by=origin', headers })).statusCode).toBe(422);
  const answer = (await world.server.inject({ url: '/api/v1/figures/revenue?period=month:2026-03&by=office&where=office:KIN01', headers })).json();
  expect(answer).toMatchObject({ view: 'revenue', by: ['office'], where: { office: 'KIN01' }, currency: 'CDF', rows: [], period: { from: '2026-02-28T23:00:00.000Z', to: '2026-03-31T23:00:00.000Z' } });
});

test('an answer that may be older is told again, to those alone who may ask for it', async () => {
  const lines = async (roles: readonly Role[], more: Readonly<Record<string, string>> = {}, view = 'revenue'): Promise<unknown> => {
    const answer = await world.server.inject({ url: `/api/v1/figures/${view}?period=day:2026-03-15`, headers: { ...(await as(...roles)), ...more } });
    return answer.statusCode === 200 ? answer.json<{ totals: { lines: number } }>().totals.lines : answer.statusCode;
  };
  const old = { 'cache-control': 'max-age=30' };
  await counted(1);
  expect([await lines(['viewer']), await lines(['viewer'], old)]).toEqual([1, 1]);
  await counted(2);
  expect([await lines(['viewer'], old), await lines(['viewer'], { 'cache-control': 'max-age=0' }), await lines(['viewer'], { 'cache-control': 'no-cache' }), await lines(['viewer'])]).toEqual([1, 3, 3, 3]);
  expect([await lines(['viewer', 'enforcement'], old, 'precursors'), await lines(['viewer'], old, 'precursors')]).toEqual([undefined, 403]);
});

/** So many lines come to a day. */
async function counted(lines: number): Promise<void> {
  const ledger = world.store.ledger();
  const target = { topic: countedTopic, partition: 0 } as const;
  const token = String(lines);
  const claimed = await ledger.claim(target, token, JSON.stringify({ profile: 'CD' }));
  const position = 'position' in claimed ? claimed.position : '';
  const change: FigureChange = { increments: incrementsOf([['revenue/office-taxType/day/2026-03-15', [['KIN01|CUD:lines', lines]]]]), entries: new Map(), index: new Map(), changed: '' };
  expect(await ledger.apply(target, token, position, formatPosition({ next: lines, marks: {}, streamTimeMs: 0, target: 0, last: '' }), change)).toBe('applied');
}

describe('decisions on alerts', () => {
  const decide = async (state: string, reason = 'End use statement is missing') => world.server.inject({ method: 'POST', url: '/api/v1/alerts/alert-1/decisions', headers: await as('enforcement'), payload: { state, reason } });
  beforeEach(async () => {
    await world.append('customs.alerts.precursors.v1', alertValue());
    await world.append('customs.alerts.precursors.v1', alertValue({ alertId: 'alert-2', declarationId: 'CD-2026-8', occurredAt: 1_796_083_260_000 }));
    await world.until('the list has both', () => world.console.parts.alerts.one('alert-2') !== undefined);
  });

  test('each is an event of its own and one line of the audit log; none replaces another', async () => {
    expect((await decide('held')).statusCode).toBe(201);
    expect((await decide('held')).statusCode).toBe(409);
    expect((await decide('cleared', 'Statement has come')).statusCode).toBe(201);
    expect(onTopic('customs.alerts.decisions.v1').map(({ alertId, state, reason, decidedBy }) => ({ alertId, state, reason, decidedBy }))).toEqual([
      { alertId: 'alert-1', state: 'HELD', reason: 'End use statement is missing', decidedBy: 'somebody enforcement' },
      { alertId: 'alert-1', state: 'CLEARED', reason: 'Statement has come', decidedBy: 'somebody enforcement' },
    ]);
    expect(onTopic('customs.audit.v1').map(({ actor, action, subject, outcome, detail }) => [actor, action, subject, outcome, detail])).toEqual([
      ['somebody enforcement', 'decide:alerts', 'alert-1', 'done', 'held'], ['somebody enforcement', 'decide:alerts', 'alert-1', 'done', 'cleared'],
    ]);
    const list = (await world.server.inject({ url: '/api/v1/alerts', headers: await as('enforcement') })).json<{ alerts: { alertId: string; decision: object | null }[]; counts: object }>();
    expect(list.alerts.map(({ alertId }) => alertId)).toEqual(['alert-2', 'alert-1']);
    expect(list.alerts[1]?.decision).toMatchObject({ state: 'cleared', reason: 'Statement has come', by: 'somebody enforcement' });
    expect(list.counts).toEqual({ open: 1, cleared: 1, held: 0 });
    const one = (await world.server.inject({ url: '/api/v1/alerts/alert-1', headers: await as('enforcement') })).json<{ decisions: { state: string }[]; usual: { months: number } }>();
    expect(one.decisions.map(({ state }) => state)).toEqual(['held', 'cleared']);
    expect(one.usual).toMatchObject({ months: 12, items: 0, netMassKg: '0.000', value: '0.00' });
  });

  test('they are known to a console that begins anew', async () => {
    await decide('held');
    await world.until('it reads its own event', () => world.console.parts.alerts.decisionsOn('alert-1').length === 1);
    const other = await world.another();
    try {
      expect(other.parts.alerts.one('alert-1')?.decision).toMatchObject({ state: 'held' });
    } finally {
      await other.stop();
    }
  });

  test('beside a case stands what was declared of the item, and how many times the mean of its list that is', async () => {
    await world.append('customs.declarations.raw.v1', rawValue({}));
    await world.append('customs.alerts.precursors.v1', alertValue({ alertId: 'alert-3', origin: { partition: 0, offset: 0, timestamp: 1_796_083_200_000 } }));
    await world.until('the list has it', () => world.console.parts.alerts.one('alert-3') !== undefined);
    const counted = await CountedMonth.open(world, new Date().toISOString());
    const month = world.console.parts.figures.calendar.keysOf(Date.now()).month;
    await counted.count([[`precursors/list-substance-flow-partner-level/month/${month}`, [
      ['EU2|acetone|IMPORT|DE|4:items', 3], ['EU2|acetone|IMPORT|DE|4:netMassKg', 1_500_500], ['EU2|acetone|IMPORT|DE|4:value', 9_000], ['other|acetone|IMPORT|DE|4:items', 50], ['other|acetone|IMPORT|DE|4:netMassKg', 50_000], ['EU2|ether|IMPORT|DE|4:items', 70],
    ]]]);
    const case3 = async (...roles: readonly Role[]) => world.server.inject({ url: '/api/v1/alerts/alert-3', headers: await as(...roles) });
    const answer = (await case3('enforcement')).json();
    expect(answer).toMatchObject({
      declared: { netMassKg: '1200.500', quantity: { value: '1500.000', unit: 'LTR' } },
      usual: { months: 12, items: 3, netMassKg: '1500.500', meanKg: '500.167', medianOfMonthsKg: '500.167', highestMonth: { month, meanKg: '500.167' }, timesMean: '2.4' },
    });
    expect(JSON.stringify(answer)).not.toMatch(/AGENT-1|TRADER-1/);
    expect((await case3('viewer', 'analyst', 'operator')).statusCode).toBe(403);
  });

  test('a raw record that is gone, or is another one, is not taken for what was declared', async () => {
    await world.append('customs.declarations.raw.v1', rawValue({ declarationId: 'CD-2026-8' }));
    await world.append('customs.alerts.precursors.v1', alertValue({ alertId: 'alert-3', origin: { partition: 0, offset: 0, timestamp: 1_796_083_200_000 } }));
    await world.until('the list has it', () => world.console.parts.alerts.one('alert-3') !== undefined);
    for (const id of ['alert-1', 'alert-3']) expect((await world.server.inject({ url: `/api/v1/alerts/${id}`, headers: await as('enforcement') })).json()).toMatchObject({ declared: null, usual: { timesMean: null } });
  });

  test('a list goes on behind its cursor', async () => {
    const page = async (query: string) => (await world.server.inject({ url: `/api/v1/alerts?limit=1${query}`, headers: await as('enforcement') })).json<{ alerts: { alertId: string }[]; next: string | null }>();
    const first = await page('');
    expect([first.alerts.map(({ alertId }) => alertId), first.next]).toEqual([['alert-2'], 'alert-2']);
    const second = await page(`&before=${first.next}`);
    expect([second.alerts.map(({ alertId }) => alertId), second.next]).toEqual([['alert-1'], null]);
  });
});

test('what somebody was not allowed to do stands in the audit log', async () => {
  await world.server.inject({ method: 'POST', url: '/api/v1/rejects/redrive', headers: await as('viewer'), payload: { code: 'E-HS-UNKNOWN' } });
  await world.until('it is there', () => onTopic('customs.audit.v1').length === 1);
  expect(onTopic('customs.audit.v1')[0]).toMatchObject({ actor: 'somebody viewer', roles: ['viewer'], action: 'redrive', subject: '/api/v1/rejects/redrive', outcome: 'refused' });
  const audit = (await world.server.inject({ url: '/api/v1/audit', headers: await as('operator') })).json<{ audit: { by: string }[] }>();
  expect(audit.audit.map(({ by }) => by)).toEqual(['somebody viewer']);
});

test('the audit log goes on behind its cursor, by act and by name; who may not see it has no part of it', async () => {
  for (const role of ['viewer', 'analyst', 'enforcement'] as const) await world.server.inject({ method: 'POST', url: '/api/v1/periods/2026-03/closing', headers: await as(role), payload: {} });
  await world.server.inject({ url: '/api/v1/figures/revenue/csv?period=month:2026-03', headers: await as('analyst') });
  await world.until('all are there', () => onTopic('customs.audit.v1').length === 4);
  const page = async (query: string) => (await world.server.inject({ url: `/api/v1/audit?${query}`, headers: await as('operator') })).json<{ audit: { auditId: string; by: string; action: string }[]; next: string | null; actions: string[] }>();
  await world.until('the list has them', async () => (await page('')).audit.length === 4);
  expect((await page('action=download')).audit.map(({ by, action }) => [by, action])).toEqual([['somebody analyst', 'download']]);
  expect((await page('by=ANALYST')).audit.map(({ action }) => action).sort()).toEqual(['close:period', 'download']);
  const first = await page('limit=3&action=close:period');
  expect([first.audit.length, first.next, first.actions]).toEqual([3, null, ['close:period', 'download']]);
  const [half, rest] = [await page('limit=2'), await page(`limit=2&before=${(await page('limit=2')).next}`)];
  expect(new Set([...half.audit, ...rest.audit].map(({ auditId }) => auditId)).size).toBe(4);
  expect((await world.server.inject({ url: '/api/v1/audit?before=nowhere', headers: await as('operator') })).statusCode).toBe(400);
  expect((await world.server.inject({ url: '/api/v1/audit', headers: await as('viewer', 'analyst', 'enforcement') })).statusCode).toBe(403);
});

describe('refusals', () => {
  const framed = async (value: object): Promise<Buffer> => {
    await world.append('customs.declarations.raw.v1', value);
    const records = world.broker.partition({ topic: 'customs.declarations.raw.v1', partition: 0 }).fetch(0, Infinity)?.records ?? [];
    return records.at(-1)?.value as Buffer;
  };
  const refused = async (over: object): Promise<void> => {
    await world.append('customs.declarations.rejected.v1', rejectValue({ ...over }));
    await world.until('the list has it', () => world.console.parts.refusals.all().length > 0);
  };

  test('the record is shown without the ids of its parties', async () => {
    await refused({ recordValue: await framed(rawValue({ declarantId: 'A-DECLARANT', traderId: 'A-TRADER', counterpartyId: 'A-SELLER' })) });
    const { body } = await world.server.inject({ url: '/api/v1/rejects/ingest-0-7', headers: await as('analyst') });
    expect(JSON.parse(body)).toMatchObject({ reject: { rejectId: 'ingest-0-7' }, content: { declarationId: 'CD-2026-7', declarantId: '[removed]', traderId: '[removed]', counterpartyId: '[removed]' } });
    expect(body).not.toMatch(/A-DECLARANT|A-TRADER|A-SELLER/);
  });

  test('of bytes that cannot be decoded only the frame is shown', async () => {
    await refused({ recordValue: Buffer.concat([Buffer.from([0, 0, 0, 0, 99]), Buffer.from('A-TRADER')]) });
    const { body } = await world.server.inject({ url: '/api/v1/rejects/ingest-0-7', headers: await as('analyst') });
    expect(JSON.parse(body)).toMatchObject({ content: { hex: '0000000063', bytes: 13 } });
    expect(body).not.toMatch(new RegExp(`A-TRADER|${Buffer.from('A-TRADER').toString('hex')}`));
  });

  test('they are sent again as they were; a dry run sends nothing', async () => {
    const value = await framed(rawValue({}));
    await refused({ origin: { partition: 0, offset: 0, timestamp: 1_796_083_200_000 }, recordValue: value });
    const redrive = async (dryRun: boolean) => (await world.server.inject({ method: 'POST', url: '/api/v1/rejects/redrive', headers: await as('operator'), payload: { rejectIds: ['ingest-0-7', 'ingest-0-8'], dryRun } })).json();
    const raw = () => world.broker.partitions('customs.declarations.raw.v1').flatMap((log) => log.fetch(0, Infinity)?.records ?? []);
    const skipped = [{ rejectId: 'ingest-0-8', reason: 'there is no such refusal' }];
    const sample = [{ rejectId: 'ingest-0-7', code: 'E-HS-UNKNOWN', declarationId: 'CD-2026-7' }];
    expect(await redrive(true)).toEqual({ selected: 1, sent: 0, skipped, sample });
    expect(raw()).toHaveLength(1);
    expect(await redrive(false)).toEqual({ selected: 1, sent: 1, skipped, sample });
    expect(raw().map((record) => record.value?.equals(value))).toEqual([true, true]);
    expect(onTopic('customs.audit.v1').map(({ action, subject, outcome }) => [action, subject, outcome])).toEqual([['redrive', '2 refusals', 'done']]);
  });
});


test('while neighbours are away it lives, is not ready, and says why', async () => {
  world.broker.goAway();
  const lonely = await world.another({ wait: false });
  try {
    expect((await lonely.server.inject('/healthz')).statusCode).toBe(200);
    const ready = await lonely.server.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'waiting', waitingFor: expect.arrayContaining([expect.stringMatching(/^topics are being read/)]) }]);
    expect((await lonely.server.inject({ url: '/api/v1/alerts', headers: await as('enforcement') })).statusCode).toBe(503);
    world.broker.comeBack();
    await world.until('it is ready', async () => (await lonely.server.inject('/readyz')).statusCode === 200);
  } finally {
    await lonely.stop();
  }
});

