import { metricsPortOf } from './service-names';

const ports = (first: number | undefined) => ['ingest', 'aggregate', 'publish', 'console'].map((name) => metricsPortOf(name, { TIDEWAITER_METRICS_PORT: first, TIDEWAITER_BASE_PORT: 29_000 }));

test('under one supervisor each service has a metrics port of its own, counting on in the order of the flow; 0: none', () => {
  expect(ports(undefined)).toEqual([29_100, 29_103, 29_104, 29_105]);
  expect(ports(9_464)).toEqual([9_464, 9_467, 9_468, 9_469]);
  expect(ports(0)).toEqual([0, 0, 0, 0]);
});
