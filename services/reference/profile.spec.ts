import { congo, korea } from '../../test/support/declarations';
import { parseProfile } from './profile';

test('the built-in profiles are in order', () => expect([parseProfile(congo), parseProfile(korea)]).toEqual([congo, korea]));

test.each<[string, Record<string, unknown>, RegExp]>([
  ['two trade systems', { tradeSystem: ['general', 'special-strict'] }, /^tradeSystem must be one of .*E-SYS-MIXED/],
  ['no trade system', { tradeSystem: undefined }, /^tradeSystem .*E-SYS-MIXED/],
  ['a zone that is none', { timeZone: 'Africa/Atlantis' }, /^timeZone must be a time zone/],
  ['a verdict that is none', { procedureOverrides: { 4000: 'leave out' } }, /^procedureOverrides\.4000 must be "count" or an X- code/],
  ['a threshold with a currency', { statisticalThreshold: '1000 CDF' }, /^statisticalThreshold must be an amount/],
  ['a field too many', { extra: 1 }, /extra/],
])('refuses %s', (_case, changes, message) => expect(() => parseProfile({ ...congo, ...changes })).toThrow(message));
