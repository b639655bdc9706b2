import { formatPosition } from './position';
import { aggregateInputs, rejectedTopic } from '../topology';
import { asOf, catchingUp, figureStatus, type PositionState } from './figure-status';

const enriched = aggregateInputs[0] as (typeof aggregateInputs)[number];
const end = Date.parse('2026-03-31T23:00:00Z');
const position = (partition: number, streamTimeMs: number, next = 10, target = 0) => ({ topic: enriched, partition, position: formatPosition({ next, marks: {}, streamTimeMs, target, last: '' }) });
const state = (positions: PositionState['positions'], confirmedThroughMs = 0, publishedPositions = {}): PositionState => ({ positions, confirmedThroughMs, publishedPositions });

test('final only when every partition is past the end and the grace', () => {
  expect(figureStatus(state([position(0, end), position(1, end + 5)]), end, 0)).toBe('final');
  expect(figureStatus(state([position(0, end - 1), position(1, end + 5)]), end, 0)).toBe('provisional');
  expect(figureStatus(state([position(0, end + 59_999)]), end, 60_000)).toBe('provisional');
  expect(figureStatus(state([position(0, end + 60_000)]), end, 60_000)).toBe('final');
});

test('a quiet partition is past the end once the broker has confirmed that nothing is left before it', () => {
  expect(figureStatus(state([position(0, 0), position(1, end)], end), end, 0)).toBe('final');
  expect(figureStatus(state([position(0, 0), position(1, end)], end - 1), end, 0)).toBe('provisional');
});

test('refusals carry no event time and hold nothing up', () => {
  const refusals = { topic: rejectedTopic, partition: 0, position: formatPosition({ next: 3, marks: {}, streamTimeMs: 0, target: 0, last: '' }) };
  expect(figureStatus(state([position(0, end), refusals]), end, 0)).toBe('final');
});

test.each([
  ['a position is missing', state([position(0, end), { topic: enriched, partition: 1, position: '' }])],
  ['the log it is rebuilt from goes further', state([position(0, end, 10, 11)])],
  ['the aggregate topics reflect more', state([position(0, end, 10)], 0, { [`${enriched}/0`]: 11 })],
  ['a published partition is unknown', state([position(0, end)], 0, { [`${enriched}/7`]: 1 })],
])('catching up while %s', (_, given) => {
  expect(catchingUp(given)).toBe(true);
  expect(figureStatus(given, end, 0)).toBe('catching-up');
});

test('asOf names topic and partition, offsets as text', () => {
  expect(asOf([position(0, end, 123), { topic: rejectedTopic, partition: 2, position: '' }])).toEqual({ streamTime: '2026-03-31T23:00:00.000Z', offsets: { [`${enriched}/0`]: '123' } });
  expect(asOf([position(0, 0, 0)])).toEqual({ streamTime: null, offsets: { [`${enriched}/0`]: '0' } });
});
