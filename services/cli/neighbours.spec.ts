import { TimeoutError, within } from '../shell/within';
import { addressOf } from './neighbours';

test('addresses of brokers and URLs', () => {
  expect(addressOf('broker-1:9093')).toEqual({ host: 'broker-1', port: 9093 });
  expect(addressOf('[::1]:29092')).toEqual({ host: '::1', port: 29092 });
  expect(addressOf('https://registry.example/apis')).toEqual({ host: 'registry.example', port: 443 });
  expect(addressOf('rediss://user:secret@cache:7000/0')).toEqual({ host: 'cache', port: 7000 });
});

test('a call that does not answer is given up', async () => {
  await expect(within(5, new Promise(() => undefined))).rejects.toThrow(TimeoutError);
  await expect(within(1_000, Promise.resolve(3))).resolves.toBe(3);
});
