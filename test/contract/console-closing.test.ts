/** Signing a month off over the console: what stands against it, who signs, what came since, and its line in the audit log. */
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Role } from '../../services/console/access/permissions';
import type { TopicName } from '../../services/topology';
import { ConsoleWorld } from '../support/console-world';
import { CountedMonth } from '../support/counted-month';

jest.setTimeout(30_000);
let world: ConsoleWorld;
beforeEach(async () => { world = await ConsoleWorld.start(); });
afterEach(() => world.stop());

interface Shown { readonly status: string; readonly seal: { readonly closedBy: string; readonly digest: string } | null; readonly hindrance: { readonly reason: string; readonly message: string } | null; readonly progress: object | null; readonly since: { readonly view: string; readonly changed: boolean | null; readonly totals: { readonly assessed?: string } | null }[] }
const as = async (...roles: readonly Role[]) => ({ authorization: `Bearer ${await world.bearer(...roles)}` });
const list = async (): Promise<unknown[]> => (await world.server.inject({ url: '/api/v1/periods', headers: await as('operator') })).json<{ periods: { period: string; status: string; revenueChanged: boolean | null }[] }>().periods.map(({ period, status, revenueChanged }) => [period, status, revenueChanged]);
const look = async (month: string, ...roles: readonly Role[]): Promise<Shown> => (await world.server.inject({ url: `/api/v1/periods/${month}`, headers: await as(...roles) })).json();
const close = async (month = '2026-03') => world.server.inject({ method: 'POST', url: `/api/v1/periods/${month}/closing`, headers: await as('operator'), payload: {} });

function onTopic(topic: TopicName): Record<string, unknown>[] {
  const type = avroType(topicSchema(topic));
  return world.broker.partitions(topic).flatMap((log) => (log.fetch(0, Infinity)?.records ?? []).map(({ value }) => type.fromBuffer((value as Buffer).subarray(5)) as Record<string, unknown>));
}
const audited = (): unknown[] => onTopic('customs.audit.v1').map(({ actor, action, subject, outcome }) => [actor, action, subject, outcome]);

test('a month that is not over says so, to whoever asks and whoever tries', async () => {
  const month = await CountedMonth.open(world, '2026-03-20T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  expect(await list()).toEqual([['2026-03', 'provisional', null]]);
  expect((await look('2026-03', 'operator')).hindrance).toMatchObject({ reason: 'provisional', message: expect.stringMatching(/^2026-03 is provisional/) });
  const answer = await close();
  expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([409, 'conflict']);
  await world.until('it is noted', () => audited().length === 1);
  expect(audited()).toEqual([['somebody operator', 'close:period', '2026-03', 'refused']]);
});

test('a month without figures is not closed, nor is one that no calendar has', async () => {
  await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  expect((await look('2026-03', 'operator')).hindrance?.reason).toBe('empty');
  expect((await close()).statusCode).toBe(409);
  expect((await close('2026-13')).statusCode).toBe(400);
});

test('the name is that of the session; the seal says who, when and over what; it is done once', async () => {
  const month = await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  expect(await look('2026-03', 'operator')).toMatchObject({ status: 'final', seal: null, hindrance: null, progress: null, since: [] });
  const answer = await close();
  expect([answer.statusCode, answer.json()]).toEqual([201, expect.objectContaining({ period: '2026-03', closedBy: 'somebody operator', digest: expect.stringMatching(/^[0-9a-f]{64}$/), fields: 5, closedAt: expect.stringMatching(/Z$/) })]);
  expect(onTopic('customs.periods.closed.v1').filter(({ kind }) => kind === 'SEAL')).toHaveLength(1);
  const { digest } = answer.json<{ digest: string }>();
  expect(onTopic('customs.audit.v1')).toEqual([expect.objectContaining({ actor: 'somebody operator', roles: ['operator'], action: 'close:period', subject: '2026-03', outcome: 'done', detail: digest })]);
  expect(await look('2026-03', 'operator')).toMatchObject({ status: 'closed', seal: { closedBy: 'somebody operator', digest }, hindrance: { reason: 'already-closed' } });
  expect((await close()).statusCode).toBe(409);
});

test('figures that contradict each other are not signed off, and the answer names them', async () => {
  const month = await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  await month.addWrong('KIN01|CUD|87', 1);
  const answer = await close();
  expect([answer.statusCode, answer.json<{ error: object }>().error]).toEqual([409, { code: 'contradictory', message: expect.stringContaining('KIN01|CUD|87') }]);
});

test('what comes later is seen, also where it moves from one office to another and sums to nothing; amounts only by who may see figures', async () => {
  const month = await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  await close();
  expect((await look('2026-03', 'viewer')).since).toMatchObject([{ view: 'revenue', changed: false, totals: { assessed: '0.00' } }, { view: 'statistics', changed: false }]);
  await month.add('KIN01|CUD|87', -30);
  await month.add('MAT01|CUD|87', 30);
  expect((await look('2026-03', 'viewer')).since[0]).toMatchObject({ changed: true, totals: { assessed: '0.00' } });
  expect((await look('2026-03', 'operator')).since[0]).toEqual({ view: 'revenue', changed: true, totals: null });
  expect(await list()).toEqual([['2026-03', 'closed', true]]);
});

test('two at once: one of them signs, the other is told who is at it', async () => {
  const month = await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  const answers = await Promise.all([close(), close()]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
});

test('how far it is can be seen while it runs, and no longer behind its end', async () => {
  const month = await CountedMonth.open(world, '2026-04-02T10:00:00Z');
  await month.add('KIN01|CUD|87', 100);
  const { acts } = world.console.parts;
  const closing = acts.close({ name: 'N. Mbala', roles: ['operator'] }, '2026-03');
  expect((await look('2026-03', 'viewer')).progress).toMatchObject({ by: 'N. Mbala' });
  await closing;
  expect((await look('2026-03', 'viewer')).progress).toBeNull();
});
