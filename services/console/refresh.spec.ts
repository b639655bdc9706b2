import { Refresh } from './refresh';

let asked: number[];
let refresh: Refresh;
beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  asked = [];
  refresh = new Refresh({ everyMs: 500, nowMs: () => Date.now(), ask: () => { asked.push(Date.now()); refresh.asks(true); } });
});
afterEach(() => { jest.useRealTimers(); });

it('asks at once for the first change, and for those behind it once more when the time has come', () => {
  refresh.changed();
  jest.advanceTimersByTime(0);
  refresh.asks(false);
  for (let turn = 0; turn < 3; turn++) { jest.advanceTimersByTime(100); refresh.changed(); }
  jest.advanceTimersByTime(2_000);
  expect(asked).toEqual([0, 500]);
});

it('gives no question up: it asks again when the answer is there', () => {
  refresh.changed();
  jest.advanceTimersByTime(0);
  refresh.changed();
  jest.advanceTimersByTime(3_000);
  expect(asked).toEqual([0]);
  refresh.asks(false);
  jest.advanceTimersByTime(0);
  expect(asked).toEqual([0, 3_000]);
});

it('asks for nothing that has not changed since', () => {
  refresh.asks(true);
  refresh.asks(false);
  jest.advanceTimersByTime(5_000);
  expect(asked).toEqual([]);
});

it('a page that is left asks no more', () => {
  refresh.changed();
  refresh.stop();
  jest.advanceTimersByTime(1_000);
  expect(asked).toEqual([]);
});
