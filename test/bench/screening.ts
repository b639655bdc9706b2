/**
 * What screening one item costs, in microseconds of processor time: with the built-in lists, and with 50,000
 * names more; without a description, and with one of 200 characters. Run: node dist/test/bench/screening.js
 */
import Table from 'cli-table3';
import type { Item } from '../../services/domain/declaration';
import type { InForce } from '../../services/reference/types';
import { matchItem } from '../../services/screening/match';
import { item, reference, referenceWith, time } from '../support/declarations';

const ITEMS = 200_000;
const NAMES = 50_000;
const moment = time('2026-03-15T09:30:00Z');
const movement = { flow: 'IMPORT', partnerCountry: 'CN' } as const;
const syllables = ['meth', 'eth', 'prop', 'but', 'pent', 'hex', 'chlor', 'brom', 'nitr', 'sulf', 'phen', 'benz', 'amin', 'oxy', 'keto', 'hydr'];

/** Names as chemists make them: a third share their first word. */
function nameOf(number: number): string {
  const word = (seed: number): string => [0, 4, 8].map((shift) => syllables[(seed >> shift) & 15]).join('');
  return number % 3 === 0 ? `sodium ${word(number)}ate ${number}` : `${word(number)}ol ${word(number * 7)}ide ${number}`;
}

const grown = (): InForce => referenceWith([{
  kind: 'watchlist', id: 'LARGE', version: '1', validFrom: null, validTo: null, source: 'made up',
  rows: Array.from({ length: NAMES / 10 }, (_, row) => ({
    rowId: `L-${row}`, substance: nameOf(row * 10), synonyms: Array.from({ length: 9 }, (_unused, synonym) => nameOf(row * 10 + synonym + 1)), cas: [], hs: [], mixtureHs: [], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'made up',
  })),
}]).at(moment);

const text = 'Industrial cleaning agent for metal surfaces, sodium carbonate and surfactants in water, 25 kg drums on pallets, lot 2026-10-17, free of acetone, shelf life twenty-four months, origin as declared here';
const codes = ['870323', '340290', '291411', '293339', '854231', '381400', '610910', '841581'];
const items = (description: string | null): Item[] => codes.map((commodityCode, index) => item({ commodityCode, description: description === null ? null : `${description.slice(0, 195)} ${index}`, taxes: [] }));

function microsecondsPerItem(list: readonly Item[], rules: InForce): number {
  let hits = 0;
  const run = (count: number): void => { for (let number = 0; number < count; number++) hits += matchItem(list[number % list.length] as Item, movement, rules).length; };
  run(ITEMS / 10);
  const before = process.cpuUsage();
  run(ITEMS);
  const { user, system } = process.cpuUsage(before);
  if (hits < 0) throw new Error('no hits');
  return (user + system) / ITEMS;
}

const shown = new Table({ head: ['lists', 'without text, µs', '200 characters, µs'] });
for (const [name, rules] of [['built in', reference.at(moment)], ['and 50,000 names', grown()]] as const) {
  shown.push([name, microsecondsPerItem(items(null), rules).toFixed(2), microsecondsPerItem(items(text), rules).toFixed(2)]);
}
process.stdout.write(`${shown.toString()}\n`);
