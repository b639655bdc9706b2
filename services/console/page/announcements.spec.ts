import { Announcements } from './announcements';

it('speaks at most once per interval, the newest only', () => {
  const announcements = new Announcements(5_000);
  announcements.add('one');
  expect(announcements.due(1_000)).toBe('one');
  announcements.add('two');
  announcements.add('three');
  expect(announcements.due(5_999)).toBeUndefined();
  expect(announcements.due(6_000)).toBe('three');
  expect(announcements.due(20_000)).toBeUndefined();
});
