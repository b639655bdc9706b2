import { unreadByAll } from './unread-fields';

const standardize = { unread: ['declarantToken', 'traderToken', 'items.casNumber'], carriedAs: 'accepted' };
const enrich = { unread: ['definitions', 'accepted.declarantToken', 'accepted.items.taxes'], carriedAs: 'standardized' };
const aggregate = { unread: ['hits.evidence', 'standardized.accepted.items', 'standardized.accepted.declarantToken'], carriedAs: undefined };

test('a field is left out only where every stage leaves it, under the name that it has there', () => {
  expect(unreadByAll([standardize, enrich, aggregate])).toEqual(['declarantToken']);
  expect(unreadByAll([enrich, aggregate])).toEqual(['accepted.declarantToken', 'accepted.items.taxes']);
  expect(unreadByAll([aggregate])).toEqual(aggregate.unread);
});

test('a stage that writes another record may need anything', () => {
  expect(unreadByAll([{ unread: ['a'], carriedAs: undefined }, standardize])).toEqual([]);
});
