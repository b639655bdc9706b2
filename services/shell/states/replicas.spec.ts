import type { ServiceState } from '../service-state';
import { combined, type Replica, type Unheard } from './replicas';

const state = (over: Partial<ServiceState> = {}): ServiceState => ({ name: 'ingest', pid: 7, state: 'running', newestEventAt: null, updatedAt: 1_000, ...over });
const away: Unheard = { state: 'down', reason: 'nobody listens: ECONNREFUSED' };
const mute: Unheard = { state: 'silent', reason: 'no answer in time' };
const at = (...said: Replica['said'][]): Replica[] => said.map((one, index) => ({ address: `10.0.0.${index + 1}:9464`, said: one }));

test('one that answers alone is shown as it says', () => {
  const said = state({ state: 'waiting', reason: 'redis does not answer', newestEventAt: 5, stoppedPartitions: { 'a/0': 'a hole' } });
  expect(combined('ingest', at(said))).toBe(said);
});

test('one that does not: why, where', () => {
  expect(combined('ingest', at(away))).toEqual({ name: 'ingest', pid: null, state: 'down', reason: 'nobody listens: ECONNREFUSED (10.0.0.1:9464)', newestEventAt: null, updatedAt: 0 });
  expect(combined('ingest', at(mute))).toMatchObject({ state: 'silent', reason: 'no answer in time (10.0.0.1:9464)' });
});

test.each<[string, Replica[], string]>([
  ['all run', at(state(), state()), 'running'],
  ['one starts', at(state(), state({ state: 'starting' })), 'starting'],
  ['one waits, one stops', at(state({ state: 'waiting' }), state({ state: 'stopping' })), 'waiting'],
  ['one says nothing, one waits', at(mute, state({ state: 'waiting' })), 'silent'],
  ['one has halted, one says nothing', at(state({ state: 'halted' }), mute), 'halted'],
  ['one is away: the service is not down', at(away, state()), 'silent'],
  ['one is away, one says nothing', at(away, mute), 'silent'],
  ['all are away', at(away, away), 'down'],
])('%s', (_what, replicas, expected) => {
  expect(combined('ingest', replicas)).toMatchObject({ state: expected, pid: null, replicas: 2 });
  expect(combined('ingest', [...replicas].reverse()).state).toBe(expected);
});

test('of several: newest event of all, every trouble with those that tell it', () => {
  const said = combined('ingest', at(
    state({ newestEventAt: 5, updatedAt: 30, state: 'waiting', reason: 'kafka does not answer', stoppedPartitions: { 'a/0': 'a hole' }, alarms: { 'self-check': 'revenue differs' } }),
    state({ newestEventAt: 9, updatedAt: 20, state: 'waiting', reason: 'kafka does not answer', stoppedPartitions: { 'a/1': 'another log' } }),
    state({ alarms: { 'self-check': 'statistics differ' } }),
    away,
  ));
  expect(said).toEqual({
    name: 'ingest', pid: null, state: 'silent', newestEventAt: 9, updatedAt: 1_000, replicas: 4,
    reason: 'kafka does not answer (10.0.0.1:9464, 10.0.0.2:9464); nobody listens: ECONNREFUSED (10.0.0.4:9464)',
    stoppedPartitions: { 'a/0': 'a hole (10.0.0.1:9464)', 'a/1': 'another log (10.0.0.2:9464)' },
    alarms: { 'self-check': 'revenue differs (10.0.0.1:9464); statistics differ (10.0.0.3:9464)' },
  });
});
