/**
 * Every row of every built-in list: found by its CAS numbers, its names and its codes, and not by what only looks
 * like them. The edition is that of the date: each row's codes are tried in the year that they belong to.
 */
import type { Item } from '../../services/domain/declaration';
import type { DocumentOf } from '../../services/reference/documents';
import { readCatalogue } from '../../services/shell/definition-files';
import { matchItem } from '../../services/screening/match';
import { congo, item, reference, time } from '../support/declarations';

type List = DocumentOf<'watchlist'>;
type Row = List['rows'][number];
const lists = readCatalogue(congo).documents().flatMap(({ document }) => (document.kind === 'watchlist' ? [document] : []));
const rows = lists.flatMap((list) => list.rows.map((row): [string, List, Row] => [`${list.id} ${row.rowId} ${row.substance}`, list, row]));
const dayOf: Readonly<Record<string, string>> = { 2017: '2021-12-01', 2022: '2026-03-15' };
/** Nothing under this heading is on a list. */
const elsewhere = '870323';

/** Level at which this row is found, 0 where it is not. */
function levelOf(row: Row, changes: Partial<Item>, day = '2026-03-15'): number {
  const hits = matchItem(item({ commodityCode: elsewhere, taxes: [], description: null, ...changes }), { flow: 'IMPORT', partnerCountry: 'JP' }, reference.at(time(`${day}T12:00:00Z`)));
  return hits.find(({ rowId }) => rowId === row.rowId)?.level ?? 0;
}
const wrongCheckDigit = (cas: string): string => `${cas.slice(0, -1)}${(Number(cas.slice(-1)) + 1) % 10}`;

test('43, 8, 15, 9 and 9 rows, each with an id of its own', () => {
  expect(lists.map(({ id, rows: { length } }) => `${id} ${length}`).sort()).toEqual(['EU1 9', 'EU2 9', 'PGS 15', 'UN1 43', 'UN2 8']);
  expect(new Set(rows.map(([, , { rowId }]) => rowId)).size).toBe(84);
});

describe.each(rows)('%s', (_name, list, row) => {
  test('each CAS number, in its field and in a text; not with another check digit', () => {
    for (const cas of row.cas) {
      expect([levelOf(row, { casNumber: cas }), levelOf(row, { description: `drums, CAS ${cas}, 25 kg` })]).toEqual([5, 5]);
      expect([levelOf(row, { casNumber: wrongCheckDigit(cas) }), levelOf(row, { description: `drums, CAS ${wrongCheckDigit(cas)}` })]).toEqual([0, 0]);
    }
  });

  test('each name, as written and in capitals; not denied, not inside another word', () => {
    for (const name of [row.substance, ...row.synonyms]) {
      expect([levelOf(row, { description: `${name}, 200 kg` }), levelOf(row, { description: `DRUMS OF ${name.toUpperCase()}` })]).toEqual([5, 5]);
      expect([levelOf(row, { description: `${name}-free cleaner` }), levelOf(row, { description: `free of ${name}` }), levelOf(row, { description: `sans ${name}` }), levelOf(row, { description: `x${name}x` })]).toEqual([0, 0, 0, 0]);
    }
  });

  test('each code, own or basket, in its edition; right code and wrong goods are no alert', () => {
    for (const { edition, code, kind } of row.hs) {
      const day = dayOf[edition] as string;
      if ((list.validFrom ?? '') > day || (row.validFrom ?? '') > day) continue;
      expect(levelOf(row, { commodityCode: code, description: 'samples for a school laboratory' }, day)).toBe(kind === 'own' ? 2 : 1);
      expect(levelOf(row, { commodityCode: code, description: `${row.substance}, technical` }, day)).toBe(4);
    }
  });

  test('not before it was listed', () => {
    const from = row.validFrom ?? list.validFrom ?? '1988-01-01';
    const before = new Date(Date.parse(`${from < (list.validFrom ?? '') ? list.validFrom ?? from : from}T00:00:00Z`) - 2 * 86_400_000).toISOString().slice(0, 10);
    expect(levelOf(row, { description: row.substance }, before)).toBe(0);
  });
});
