import { Ring } from './ring';

describe('ring', () => {
  it('keeps the newest, newest first, and counts the rest', () => {
    const ring = new Ring<number>(3);
    for (let row = 1; row <= 10; row++) ring.add(row);
    expect(ring.view()).toEqual({ rows: [10, 9, 8], pushedOut: 7 });
    ring.clear();
    ring.add(11);
    expect(ring.view()).toEqual({ rows: [11], pushedOut: 0 });
  });
});
