import { needsSomebody, statusReport, type SaidState, type StatusFindings } from './status-report';

const flow = ['ingest', 'publish'];
const nobody = (): SaidState => undefined;
const findings = (over: Partial<StatusFindings>): StatusFindings => ({ lags: new Map(), produced: new Map(), outside: [], raw: undefined, bookFields: undefined, ...over });

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

test('a service that is down keeps its newest event, but no reason', () => {
  const said = (): SaidState => ({ name: 'ingest', pid: null, state: 'down', reason: 'registry does not answer', newestEventAt: 0, updatedAt: 0 });
  expect(statusReport(['ingest'], said, findings({}), flow).services).toEqual([{ name: 'ingest', pid: null, state: 'down', lag: null, newestEventAt: '1970-01-01T00:00:00.000Z' }]);
});

test('a stopped partition and an alarm are shown, and need somebody; a wait does not', () => {
  const [stoppedPartitions, alarms] = [{ 'topic/0': 'a hole' }, { 'progress of topic/1': 'topic/1 stands still' }];
  const said = { name: 'ingest', pid: 1, state: 'running', newestEventAt: null, updatedAt: 0, stoppedPartitions, alarms };
  expect(statusReport(['ingest'], () => said, findings({}), flow).services[0]).toMatchObject({ stoppedPartitions, alarms });
  expect(needsSomebody('ingest', said)).toEqual(['ingest has stopped at topic/0: a hole', 'ingest: topic/1 stands still']);
  expect(needsSomebody('ingest', { ...said, state: 'waiting', reason: 'no broker', stoppedPartitions: {}, alarms: {} })).toEqual([]);
  expect(needsSomebody('ingest', { ...said, state: 'halted', reason: 'refusals', stoppedPartitions: {}, alarms: {} })).toEqual(['ingest is halted: refusals']);
  expect(needsSomebody('ingest', undefined)).toEqual(['ingest does not run']);
});
