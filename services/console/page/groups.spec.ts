import { groupsOf } from './groups';

const rows = [
  { office: 'A', taxType: 'CUD', assessed: '1.10' }, { office: 'A', taxType: 'VAT', assessed: '2.20' },
  { office: 'B', taxType: 'CUD', assessed: '9.00' }, { office: 'A', taxType: 'CUD', assessed: '0.30' },
];

it('adds rows up exactly, largest first', () => {
  expect(groupsOf(rows, ['office', 'taxType'], 'assessed')).toEqual([
    { value: 'B', sum: '9.00', parts: [{ value: 'CUD', sum: '9.00' }] },
    { value: 'A', sum: '3.60', parts: [{ value: 'VAT', sum: '2.20' }, { value: 'CUD', sum: '1.40' }] },
  ]);
  expect(groupsOf(rows, ['office'], 'assessed')[0]).toEqual({ value: 'B', sum: '9.00', parts: [] });
  expect(groupsOf(rows, [], 'assessed')).toEqual([]);
});
