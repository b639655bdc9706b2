import { fullest, memoryUseOf } from './memory-use';

/** Of a Redis 7.0 with a replica. */
const info = '# Memory\r\nused_memory:1787352\r\nused_memory_human:1.70M\r\nused_memory_rss:9000000\r\nused_memory_peak:2000000\r\nmaxmemory:12638251008\r\nmaxmemory_human:11.77G\r\nmem_not_counted_for_evict:1352\r\n';

test('what is in use of what may be, without buffers that do not count', () => {
  expect(memoryUseOf(info)).toEqual({ usedBytes: 1_786_000, mostBytes: 12_638_251_008 });
  expect(memoryUseOf('# Memory\r\n')).toEqual({ usedBytes: 0, mostBytes: 0 });
});

test('of several servers the one that has least left, by what it may have', () => {
  const [large, small, unbounded] = [{ usedBytes: 500, mostBytes: 1_000 }, { usedBytes: 90, mostBytes: 100 }, { usedBytes: 9_000, mostBytes: 0 }];
  expect([fullest([large, small, unbounded]), fullest([unbounded])]).toEqual([small, unbounded]);
});
