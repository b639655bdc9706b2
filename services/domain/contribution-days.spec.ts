import * as fc from 'fast-check';
import { congo } from '../../test/support/declarations';
import { contribution } from './contribution';
import { addedDays, contributionDays } from './contribution-days';
import type { CountedFacts } from './facts';
import { Calendar } from './period';

const calendar = new Calendar(congo.timeZone);
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 12) });
const facts: fc.Arbitrary<CountedFacts> = fc.record({
  version: fc.integer({ min: 1, max: 3 }), occurredAt: moment, acceptedAt: moment, repeats: fc.integer({ min: 0, max: 1 }),
  status: fc.constantFrom('LODGED' as const, 'ACCEPTED' as const, 'RELEASED' as const, 'CANCELLED' as const),
  paidAt: fc.array(moment, { maxLength: 20 }),
}).map(({ paidAt, ...head }): CountedFacts => ({
  ...head, eventId: 'E', acceptedVersion: 1, acceptedOccurredAt: head.occurredAt, acceptedEventId: 'E', office: 'KIN01', flow: 'IMPORT', procedure: '4000', transportMode: '1', traderToken: 'T',
  originPartition: 0, originOffset: 0, unseenVersions: [], recordOffset: 0,
  items: [{ hs6: '870323', origin: 'JP', partner: 'JP', value: 5, netMassGrams: 7, unit: '', thousandths: 0, leftOut: '', taxes: [{ type: 'CUD', assessed: 3, relief: 0, counted: true }], hits: [{ listId: 'L', rowId: 'R', substance: 'S', level: 3 }], expected: 1, missing: 0, imputed: false, flagged: false }],
  payments: paidAt.map((at) => ({ taxType: 'CUD', measure: 'collected' as const, amount: 3, paidAt: at })),
}));

test('every row of a contribution falls on one of its days, and each day is named once', () => {
  fc.assert(fc.property(facts, (one) => {
    const days = contributionDays(one, calendar);
    for (const { at } of contribution(one)) expect(days).toContain(calendar.keysOf(at).day);
    expect(new Set(days).size).toBe(days.length);
  }), { numRuns: 500 });
});

test('added are the days that were not there before, by any number of payments', () => {
  fc.assert(fc.property(facts, fc.option(facts, { nil: undefined }), (after, before) => {
    const known = new Set(before ? contributionDays(before, calendar) : []);
    expect(addedDays(after, before, calendar)).toEqual(contributionDays(after, calendar).filter((day) => !known.has(day)));
  }), { numRuns: 300 });
});

test('a declaration that was never accepted has no day of acceptance: 1970 is none', () => {
  expect(contributionDays({ occurredAt: Date.UTC(2026, 0, 5), acceptedAt: 0, payments: [] }, calendar)).toEqual(['2026-01-05']);
});
