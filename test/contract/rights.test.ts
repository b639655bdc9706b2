/** Rights at Kafka and Redis: files that are what the table says, and nobody has more than the flow asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaAclScript } from '../../scripts/kafka-acls';
import { holders, kafkaRights } from '../../services/rights/kafka-rights';
import { flow, stageNames, topics } from '../../services/topology';

const folder = join(__dirname, '../../infra/rights');
const mayWrite = (topic: string): string[] => holders.filter((holder) => holder !== 'operator' && kafkaRights[holder].some(({ resource, name, operations }) => resource === 'topic' && name === topic && operations.includes('WRITE')));

test('the script for Kafka is that of the table', () => {
  expect(readFileSync(join(folder, 'kafka-acls.sh'), 'utf8')).toBe(kafkaAclScript());
});

test('each topic is written by whom design and flow say, and by nobody else', () => {
  expect(Object.fromEntries(topics.map(({ name }) => [name, mayWrite(name)]))).toEqual({
    'customs.declarations.raw.v1': ['console', 'gateway'],
    'customs.declarations.accepted.v1': ['ingest'],
    'customs.declarations.standardized.v1': ['standardize'],
    'customs.declarations.enriched.v1': ['enrich'],
    'customs.declarations.rejected.v1': ['ingest', 'standardize', 'enrich', 'aggregate'],
    'customs.alerts.precursors.v1': ['enrich'],
    'customs.alerts.decisions.v1': ['console'],
    'customs.aggregates.revenue.v1': ['publish'],
    'customs.aggregates.statistics.v1': ['publish'],
    'customs.aggregates.precursors.v1': ['publish'],
    'customs.reference.v1': [],
    'customs.periods.closed.v1': ['console'],
    'customs.audit.v1': ['console'],
  });
});

test('only ingest, the console, the operator and the archive may read declarations as they arrive, with party ids', () => {
  const mayRead = holders.filter((holder) => kafkaRights[holder].some(({ resource, name, operations }) => resource === 'topic' && name === 'customs.declarations.raw.v1' && operations.includes('READ')));
  expect(mayRead).toEqual(['ingest', 'console', 'operator', 'archive']);
});

test('no subscriber reads what is sensitive', () => {
  expect(kafkaRights.subscriber.map(({ name }) => name)).toEqual(['customs.aggregates.revenue.v1', 'customs.aggregates.statistics.v1']);
});

test('every stage has a user, and Redis knows those that need it and nobody else', () => {
  expect(holders).toEqual(expect.arrayContaining([...stageNames]));
  const users = [...readFileSync(join(folder, 'redis-users.acl'), 'utf8').matchAll(/^user (\S+) on (\S+)/gm)].map(([, name, pass]) => `${name} ${pass}`);
  expect(users).toEqual(['default nopass', 'tidewaiter-aggregate resetpass', 'tidewaiter-replay resetpass', 'tidewaiter-publish resetpass', 'tidewaiter-console resetpass', 'tidewaiter-operator resetpass']);
  for (const { name } of flow) expect(users.join(' ')).not.toContain(name);
});
