import { topics } from '../topology';
import { shortName, topicNames } from './topic-names';

test('every topic has a short name of its own, which names it', () => {
  const names = topics.map(({ name }) => shortName(name));
  expect(new Set(names).size).toBe(topics.length);
  expect(names).toEqual(expect.arrayContaining(['raw', 'enriched', 'rejected', 'reference', 'alerts.precursors', 'aggregates.precursors']));
  for (const { name } of topics) for (const text of [name, shortName(name)]) expect(topicNames(text)).toEqual([name]);
});

test('several, all, none and unknown ones', () => {
  expect(topicNames('raw, reference,raw')).toEqual(['customs.declarations.raw.v1', 'customs.reference.v1']);
  expect(topicNames('all')).toEqual(topics.map(({ name }) => name));
  expect(() => topicNames('precursors')).toThrow('There is no topic precursors: take some of raw, accepted');
  expect(() => topicNames(' ')).toThrow('Name a topic');
});
