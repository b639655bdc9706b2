/** Every field whose completeness is measured: an item that lacks it, and one close to it that does not. */
import type { Item, RawDeclaration } from '../../services/domain/declaration';
import { bitOf, qualityFields, type QualityField } from '../../services/domain/quality';
import { readCatalogue } from '../../services/shell/definition-files';
import { congo, item, measure, raw, referenceWith, standard } from '../support/declarations';

const goods = (changes: Partial<Item> = {}, head: Partial<RawDeclaration> = {}): RawDeclaration => raw({ items: [item({ description: 'a car', taxes: [], ...changes })], ...head });
const pieces = (unit: string): Partial<Item> => ({ supplementaryQuantity: { unit, value: measure('2') } });

const cases: Readonly<Record<QualityField, readonly [RawDeclaration, RawDeclaration]>> = {
  commodityCode: [goods({ commodityCode: '980100' }), goods()],
  description: [goods({ description: ' ' }), goods({ description: '-' })],
  natureOfTransaction: [goods({}, { natureOfTransaction: null }), goods({}, { natureOfTransaction: '1' })],
  netMassKg: [goods({ netMassKg: measure('0.0004') }), goods({ netMassKg: measure('0.0005') })],
  originCountry: [goods({ originCountry: 'ZZ' }), goods({}, { partnerCountry: 'ZZ' })],
  partnerCountry: [goods({}, { partnerCountry: 'ZZ' }), goods({ originCountry: 'ZZ' })],
  supplementaryQuantity: [goods(pieces('XQQ')), goods(pieces('C62'))],
  transportMode: [goods({}, { transportMode: '0' }), goods({}, { transportMode: '9' })],
};
const onlyItem = (declaration: RawDeclaration, ...documents: unknown[]) => standard(declaration, congo, documents.length === 0 ? undefined : referenceWith(documents)).items[0];

test.each(qualityFields)('%s', (field) => {
  const [lacking, having] = cases[field].map((declaration) => onlyItem(declaration));
  expect([lacking?.expected, having?.expected].map((set) => ((set ?? 0) & bitOf(field)) !== 0)).toEqual([true, true]);
  expect([lacking?.missing, having?.missing].map((set) => (set ?? 0) & bitOf(field))).toEqual([bitOf(field), 0]);
});

test('electricity has no mass; a quantity is expected where it is declared or the tariff wants one', () => {
  expect(onlyItem(goods({ commodityCode: '271600', netMassKg: 0n }))).toMatchObject({ missing: 0 });
  expect(onlyItem(goods())?.expected).toBe(255 - 64);
  const pack = readCatalogue(congo).documents().find(({ document }) => document.kind === 'pack')?.document;
  const wanting = (unit: string) => ({ ...pack, version: '9.0.0', standardUnits: [{ hs: '8703', unit }] });
  expect(onlyItem(goods(), wanting('C62'))).toMatchObject({ expected: 255, missing: 64 });
  expect(onlyItem(goods(), wanting('KGM'))).toMatchObject({ expected: 255 - 64, missing: 0 });
});

test('what the pack does not expect is not missed; a cancellation is expected to have nothing', () => {
  const pack = readCatalogue(congo).documents().find(({ document }) => document.kind === 'pack')?.document;
  expect(onlyItem(goods({ description: null }, { natureOfTransaction: null }), { ...pack, version: '9.0.0', expectedFields: ['natureOfTransaction'] })).toMatchObject({ expected: 4, missing: 4 });
  expect(onlyItem(goods({}, { status: 'CANCELLED' }))).toMatchObject({ expected: 0, missing: 0 });
});
