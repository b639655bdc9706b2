import { exitCodeOf } from './explain';

test('1 says that figures do not add up, 75 that they are being rebuilt, whether or not they do by then', () => {
  expect(exitCodeOf({ status: 'final', addsUp: true })).toBe(0);
  expect(exitCodeOf({ status: 'provisional', addsUp: false })).toBe(1);
  for (const addsUp of [true, false]) expect(exitCodeOf({ status: 'catching-up', addsUp })).toBe(75);
});
