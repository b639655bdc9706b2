import type { ServiceStatus } from '../status/status-report';
import { serviceRow } from './commands/status';

const service: ServiceStatus = { name: 'ingest', pid: 7, state: 'running', lag: { 0: 2, 1: 3 }, newestEventAt: null };

test('lag: added up; unknown; not applicable', () => {
  const lagOf = (over: Partial<ServiceStatus>): string | number | undefined => serviceRow({ ...service, ...over }, 'en')[3];
  expect([lagOf({}), lagOf({ lag: null }), lagOf({ lag: null, withoutLag: true })]).toEqual([5, '?', '–']);
});

test('several processes: how many, and no pid', () => {
  expect(serviceRow({ ...service, pid: null, replicas: 3, reason: 'nobody listens (10.0.0.3:9464)', state: 'silent' }, 'fr')).toEqual(['ingest ×3', '', 'sans réponse', 5, '', 'nobody listens (10.0.0.3:9464)']);
});
