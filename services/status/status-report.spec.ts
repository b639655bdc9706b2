import type { SaidState } from '../shell/states/service-states';
import { needsSomebody, statusReport, type StatusFindings } from './status-report';

const flow = ['ingest', 'publish'];
const nobody: ReadonlyMap<string, SaidState> = new Map();
const findings = (over: Partial<StatusFindings>): StatusFindings => ({ lags: new Map(), produced: new Map(), outside: [], raw: undefined, bookFields: undefined, promoted: null, ...over });

test('nobody answers: nulls, and not drained', () => {
  expect(statusReport(flow, nobody, findings({}), flow)).toEqual({
    services: [{ name: 'ingest', pid: null, state: 'down', lag: null, newestEventAt: null }, { name: 'publish', pid: null, state: 'down', lag: null, newestEventAt: null }],
    books: { raw: null, counted: null, leftOut: null, refused: null, ignored: null, balanced: null, leftOutByCode: {}, refusedByCode: {} }, drained: false, outside: [],
  });
});

test('drained only when every stage is known to have nothing left', () => {
  const drained = (lags: [string, Record<string, number>][]): boolean => statusReport(flow, nobody, findings({ lags: new Map(lags) }), flow).drained;
  expect(drained([['ingest', { 0: 0 }], ['publish', { 0: 0 }]])).toBe(true);
  expect(drained([['ingest', { 0: 0, 1: 1 }], ['publish', { 0: 0 }]])).toBe(false);
  expect(drained([['ingest', { 0: 0 }]])).toBe(false);
});

test('a position outside its log is not drained, whatever the numbers say', () => {
  const report = statusReport(flow, nobody, findings({ lags: new Map([['ingest', { 0: 0 }], ['publish', { 0: 0 }]]), outside: ['ingest, topic/0: position 1000 is outside the log, which holds 0 to 950'] }), flow);
  expect(report).toMatchObject({ drained: false, outside: [expect.stringContaining('position 1000 is outside the log')] });
});

test('books: 10 = 5 + 2 + 2 + 1', () => {
  const bookFields = new Map([['counted', '5'], ['leftOut', '2'], ['refused', '2'], ['ignored', '1'], ['leftOut:X-COV-TRANSIT', '2'], ['refused:E-HS-UNKNOWN', '2']]);
  expect(statusReport([], nobody, findings({ raw: 10, bookFields }), flow).books).toEqual({ raw: 10, counted: 5, leftOut: 2, refused: 2, ignored: 1, balanced: true, leftOutByCode: { 'X-COV-TRANSIT': 2 }, refusedByCode: { 'E-HS-UNKNOWN': 2 } });
  expect(statusReport([], nobody, findings({ raw: 11, bookFields }), flow).books.balanced).toBe(false);
  expect(statusReport([], nobody, findings({ bookFields }), flow).books.balanced).toBeNull();
});

test('a service that is down keeps its newest event, and why nobody answers', () => {
  const said: SaidState = { name: 'ingest', pid: null, state: 'down', reason: 'nobody listens (ingest:9464)', newestEventAt: 0, updatedAt: 0 };
  expect(statusReport(['ingest'], new Map([['ingest', said]]), findings({}), flow).services).toEqual([{ name: 'ingest', pid: null, state: 'down', reason: said.reason, lag: null, newestEventAt: '1970-01-01T00:00:00.000Z' }]);
  expect(needsSomebody('ingest', said)).toEqual(['ingest does not run: nobody listens (ingest:9464)']);
});

test('several processes are one row that says how many; what moves no declarations has no lag, and one that does may have an unknown one', () => {
  const said: SaidState = { name: 'ingest', pid: null, state: 'running', newestEventAt: null, updatedAt: 0, replicas: 3 };
  const [ingest, console] = statusReport(['ingest', 'console'], new Map([['ingest', said]]), findings({}), flow).services;
  expect(ingest).toEqual({ name: 'ingest', pid: null, state: 'running', lag: null, newestEventAt: null, replicas: 3 });
  expect(console).toEqual({ name: 'console', pid: null, state: 'down', lag: null, newestEventAt: null, withoutLag: true });
});

test('a stopped partition and an alarm are shown, and need somebody; a wait does not', () => {
  const [stoppedPartitions, alarms] = [{ 'topic/0': 'a hole' }, { 'progress of topic/1': 'topic/1 stands still' }];
  const said: SaidState = { name: 'ingest', pid: 1, state: 'running', newestEventAt: null, updatedAt: 0, stoppedPartitions, alarms };
  expect(statusReport(['ingest'], new Map([['ingest', said]]), findings({}), flow).services[0]).toMatchObject({ stoppedPartitions, alarms });
  expect(needsSomebody('ingest', said)).toEqual(['ingest has stopped at topic/0: a hole', 'ingest: topic/1 stands still']);
  expect(needsSomebody('ingest', { ...said, state: 'waiting', reason: 'no broker', stoppedPartitions: {}, alarms: {} })).toEqual([]);
  expect(needsSomebody('ingest', { ...said, state: 'halted', reason: 'refusals', stoppedPartitions: {}, alarms: {} })).toEqual(['ingest is halted: refusals']);
  expect(needsSomebody('ingest', undefined)).toEqual(['ingest does not run']);
});

test('what was promoted is a service of its own: down where nobody counts into it, and drained only with it', () => {
  const lags = new Map([['ingest', { 0: 0 }], ['publish', { 0: 0 }], ['replay', { 0: 7 }]]);
  const report = (workers: number, lag = 7): ReturnType<typeof statusReport> => statusReport(flow, nobody, findings({ lags: new Map([...lags, ['replay', { 0: lag }]]), promoted: { namespace: 'duty', workers } }), flow);
  expect(report(0).services.at(-1)).toEqual({ name: 'replay', pid: null, state: 'down', lag: { 0: 7 }, newestEventAt: null, reason: expect.stringContaining('tidewaiter replay follow') as string });
  expect(report(2).services.at(-1)).toMatchObject({ state: 'running', replicas: 2 });
  expect([report(2).drained, report(2, 0).drained]).toEqual([false, true]);
});

test('not drained while it is not known whether something was promoted', () => {
  const drained = (promoted: null | undefined): boolean => statusReport(flow, nobody, findings({ lags: new Map([['ingest', { 0: 0 }], ['publish', { 0: 0 }]]), promoted }), flow).drained;
  expect([drained(null), drained(undefined)]).toEqual([true, false]);
});
