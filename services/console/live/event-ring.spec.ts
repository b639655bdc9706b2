import { EventRing } from './event-ring';

const ringOf = (capacity: number, ...names: Parameters<EventRing['add']>[0][]): EventRing => {
  const ring = new EventRing(capacity, 100);
  for (const name of names) ring.add(name, {});
  return ring;
};
const idsAfter = (ring: EventRing, id: number): number[] | undefined => ring.after(id)?.map((event) => event.id);

test('what came after an id, without the id itself', () => {
  const ring = ringOf(9, 'alert', 'alert', 'alert');
  expect(idsAfter(ring, 100)).toEqual([101, 102]);
  expect(idsAfter(ring, 102)).toEqual([]);
});

test('a page that missed more than is kept is not told a part as if it were all', () => {
  const ring = ringOf(2, 'alert', 'alert', 'alert', 'alert');
  expect(idsAfter(ring, 101)).toEqual([102, 103]);
  expect(idsAfter(ring, 100)).toBeUndefined();
});

test('ids that are none of its own: another process, the future, no number', () => {
  const ring = ringOf(9, 'alert');
  for (const id of [17, 101, NaN, 100.5]) expect(idsAfter(ring, id)).toBeUndefined();
  expect(idsAfter(new EventRing(9, 100), 99)).toEqual([]);
});

test('of what supersedes itself only the newest comes again; alerts and declarations all do', () => {
  expect(ringOf(9, 'alert', 'now', 'alert', 'now', 'status', 'declaration', 'status').after(99)?.map(({ id, name }) => `${id} ${name}`)).toEqual(['100 alert', '102 alert', '103 now', '105 declaration', '106 status']);
});
