/**
 * For every code that the standard definitions can give: a declaration that gets it and one close to it that
 * does not. `with` names loaded documents or the profile that both are judged by; the built-in ones else.
 */
import type { RawDeclaration } from '../../services/domain/declaration';
import type { ResultCode } from '../../services/domain/result-codes';
import type { Profile } from '../../services/reference/types';
import { readCatalogue } from '../../services/shell/definition-files';
import { amount, congo, item, measure, payment, raw, tax, time } from '../support/declarations';

export interface Case {
  readonly code: ResultCode;
  readonly when: RawDeclaration;
  readonly unless: RawDeclaration;
  readonly documents?: readonly unknown[];
  readonly profile?: Profile;
}

type ItemChanges = Parameters<typeof item>[0];
const goods = (changes: ItemChanges = {}, head: Partial<RawDeclaration> = {}): RawDeclaration => raw({ items: [item({ taxes: [], ...changes })], ...head });
const money = (text: string, currency = 'CDF') => ({ amount: amount(text), currency });
const exported = { flow: 'EXPORT', procedure: '1000', incoterm: null, partnerCountry: 'FR' } as const;
const accepted = (day: string) => ({ occurredAt: time(`${day}T12:00:00Z`), acceptedAt: time(`${day}T12:00:00Z`) });
const unit = (code: string, value = '1') => ({ supplementaryQuantity: { unit: code, value: measure(value) } });
const charges = (freight: string | null, insurance: string | null) => ({ invoiceAmount: money('1500'), freightAmount: freight === null ? null : money(freight), insuranceAmount: insurance === null ? null : money(insurance) });
const duty = (changes: Parameters<typeof tax>[0]) => raw({ items: [item({ taxes: [tax(changes)] })] });
const ordinary = goods();

const head = { validFrom: null, validTo: null, source: 'a test' };
const pack = readCatalogue(congo).documents().find(({ document }) => document.kind === 'pack')?.document;
const packWith = (changes: Readonly<Record<string, unknown>>) => ({ documents: [{ ...pack, version: '9.0.0', ...changes }] });
const dollars = { documents: [{ kind: 'rates', id: 'official-rates', version: '1', ...head, rows: [{ currency: 'USD', validFrom: '2026-02-12', validTo: '2026-12-31', homePerUnit: '2800' }] }] };
const conversion = { documents: [{ kind: 'conversion', id: 'hs2017-to-hs2022', version: '1', ...head, from: '2017', to: '2022', rows: [{ from: '007711', to: '854370', relationship: '1:n' }, { from: '007711', to: '870323', relationship: '1:n' }, { from: '007712', to: '870323', relationship: '1:1' }] }] };
const special = (system: Profile['tradeSystem']) => ({ profile: { ...congo, tradeSystem: system } });

export const cases: readonly Case[] = [
  { code: 'E-VAL-CIF-MISSING', when: goods({}, { incoterm: 'FOB' }), unless: goods(charges('1', '1'), { incoterm: 'FOB' }) },
  { code: 'E-VAL-CIF-MISSING', when: goods({}, { incoterm: 'ZZZ' }), unless: goods({}, { incoterm: 'DAP' }) },
  { code: 'E-VAL-FOB-MISSING', when: goods({}, { ...exported, incoterm: 'CIF' }), unless: goods({}, { ...exported, incoterm: 'FCA' }) },
  { code: 'E-VAL-NONPOSITIVE', when: goods({ invoiceAmount: money('0') }), unless: goods({ invoiceAmount: money('0.0001') }) },
  { code: 'D-VAL-ESTIMATED', when: goods({ invoiceAmount: money('0') }, { natureOfTransaction: '3' }), unless: goods({ invoiceAmount: money('1') }, { natureOfTransaction: '3' }) },
  { code: 'D-VAL-INCOTERM', when: goods(charges('1', '1'), { incoterm: 'FOB' }), unless: goods(charges('1', '1'), { incoterm: 'CIF' }) },
  { code: 'W-VAL-NO-FOB-IMPORT', when: goods(charges('1', null)), unless: goods(charges('1', '1')) },
  { code: 'W-VAL-NO-FOB-IMPORT', when: goods(), unless: goods({ originCountry: 'CD' }, exported) },
  { code: 'W-VAL-CIFFOB-RATIO', when: goods(charges('500', '0.01')), unless: goods(charges('400', '100')) },
  { code: 'W-VAL-CIFFOB-RATIO', when: goods(charges('-1', '0')), unless: goods(charges('0', '0')) },
  { code: 'W-VAL-CIFFOB-RATIO', when: goods(charges('100', '0')), unless: goods(charges('60', '0')), ...packWith({ cifFobLimits: [{ chapter: null, mode: null, percent: '50' }, { chapter: '87', mode: '1', percent: '5' }] }) },
  { code: 'W-VAL-TAX-IN-VALUE', when: duty({ base: amount('10000'), ratePercent: null, assessed: amount('2500') }), unless: duty({ base: amount('10000'), ratePercent: null, assessed: amount('2499') }) },
  { code: 'E-VAL-CURRENCY', when: goods({ invoiceAmount: money('1', 'QQQ') }), unless: ordinary },
  { code: 'E-VAL-CURRENCY', when: goods({ invoiceAmount: money('1', 'XAU') }), unless: ordinary },
  { code: 'W-VAL-SCALE', when: goods({ invoiceAmount: money('1.005') }), unless: goods({ invoiceAmount: money('1.05') }) },
  { code: 'E-VAL-NO-RATE', when: goods({ invoiceAmount: money('1', 'EUR') }), unless: goods({ invoiceAmount: money('1', 'USD') }), ...dollars },
  { code: 'D-VAL-CONVERTED', when: goods({ invoiceAmount: money('1', 'USD') }), unless: ordinary, ...dollars },
  { code: 'W-VAL-RATE-STALE', when: goods({ invoiceAmount: money('1', 'USD') }, accepted('2026-03-15')), unless: goods({ invoiceAmount: money('1', 'USD') }, accepted('2026-03-14')), ...dollars },
  { code: 'E-CPC-UNMAPPED', when: goods({}, { procedure: '9999' }), unless: goods({}, { procedure: '4099' }) },
  { code: 'E-CPC-UNMAPPED', when: goods({}, { procedure: 'constructor' }), unless: goods({}, { procedure: '4000' }) },
  { code: 'X-COV-TEMPORARY', when: goods({}, { procedure: '5300' }), unless: goods({}, { procedure: '5100' }) },
  { code: 'X-COV-TRANSIT', when: goods({}, { procedure: '8000' }), unless: goods({}, { procedure: '7100' }) },
  { code: 'X-COV-MONETARY-GOLD', when: goods({ commodityCode: '710820' }), unless: goods({ commodityCode: '710813' }) },
  { code: 'X-COV-CURRENCY', when: goods({ commodityCode: '490700' }, { natureOfTransaction: '93' }), unless: goods({ commodityCode: '490700' }), ...packWith({ specialCodes: [{ hs: '490700', code: 'X-COV-CURRENCY', natures: ['93'] }] }) },
  { code: 'X-COV-REPAIR', when: goods({}, { natureOfTransaction: '61' }), unless: goods({}, { natureOfTransaction: '11' }), ...packWith({ repairNatures: ['61'] }) },
  { code: 'X-COV-BELOW-THRESHOLD', when: goods({ invoiceAmount: money('999.99') }), unless: goods({ invoiceAmount: money('1000') }), profile: { ...congo, statisticalThreshold: '1000' } },
  { code: 'X-SYS-ALREADY-RECORDED', when: goods({}, { procedure: '4071' }), unless: goods({}, { procedure: '4053' }) },
  { code: 'X-SYS-OUTSIDE', when: goods({}, { procedure: '7100' }), unless: goods({}, { procedure: '4071' }), ...special('special-strict') },
  { code: 'X-SYS-OUTSIDE', when: goods({}, { ...exported, procedure: '3171' }), unless: goods({}, { ...exported, procedure: '3151' }), ...special('special-relaxed') },
  { code: 'D-FLOW-RETURN', when: goods({}, { natureOfTransaction: '21' }), unless: goods({}, { natureOfTransaction: '11' }) },
  { code: 'D-FLOW-REEXPORT', when: goods({ originCountry: 'JP' }, exported), unless: goods({ originCountry: 'CD' }, exported) },
  { code: 'W-COV-OWNERSHIP', when: goods({ commodityCode: '890110' }, { natureOfTransaction: '3' }), unless: goods({ commodityCode: '890110' }, { natureOfTransaction: '11' }) },
  { code: 'E-PTR-ORIGIN-MISSING', when: goods({ originCountry: '' }), unless: goods({ originCountry: 'ZZ' }) },
  { code: 'E-PTR-DEST-MISSING', when: goods({ originCountry: 'CD' }, { ...exported, partnerCountry: '' }), unless: goods({ originCountry: 'CD' }, { ...exported, partnerCountry: 'ZZ' }) },
  { code: 'E-PTR-CODE', when: goods({ originCountry: 'XX' }), unless: goods({ originCountry: 'FR' }) },
  { code: 'E-PTR-CODE', when: goods({ originCountry: 'AN' }, accepted('2011-12-17')), unless: goods({ originCountry: 'AN' }, accepted('2010-12-15')) },
  { code: 'W-PTR-CODE-WITHDRAWN', when: goods({ originCountry: 'AN' }, accepted('2010-12-16')), unless: goods({ originCountry: 'AN' }, accepted('2010-12-15')) },
  { code: 'E-PTR-SELF', when: goods({}, { ...exported, partnerCountry: 'CD' }), unless: goods({}, exported) },
  { code: 'W-PTR-UNSPECIFIED', when: goods({ originCountry: 'ZZ' }), unless: ordinary },
  { code: 'W-PTR-ORIGIN-DOMESTIC', when: goods({ originCountry: 'CD' }), unless: goods({ originCountry: 'CG' }) },
  { code: 'E-QTY-NONPOSITIVE', when: goods({ netMassKg: -1n }), unless: goods({ netMassKg: 0n }) },
  { code: 'W-QTY-ZERO', when: goods({ netMassKg: 0n }), unless: goods({ netMassKg: 0n, commodityCode: '271600' }) },
  { code: 'W-QTY-ELECTRICITY-MASS', when: goods({ commodityCode: '271600', netMassKg: 1n }), unless: goods({ commodityCode: '271600', netMassKg: 0n }) },
  { code: 'W-QTY-KG-NE-NET', when: goods({ netMassKg: measure('1000'), ...unit('TNE', '1.001') }), unless: goods({ netMassKg: measure('1000'), ...unit('TNE', '1') }) },
  { code: 'W-QTY-KG-NE-NET', when: goods({ netMassKg: measure('1.0015'), ...unit('KGM', '1.0014') }), unless: goods({ netMassKg: measure('1.0015'), ...unit('KGM', '1.0015') }) },
  { code: 'W-QTY-KG-PER-UNIT', when: goods({ netMassKg: measure('100'), ...unit('C62') }), unless: goods({ netMassKg: measure('1200'), ...unit('C62') }), ...packWith({ bands: [{ hs: '8703', kgPerUnit: { least: 400, most: 4000 }, valuePerKg: null }] }) },
  { code: 'W-UV-OUTLIER', when: goods({ netMassKg: measure('1'), invoiceAmount: money('9.99') }), unless: goods({ netMassKg: measure('1'), invoiceAmount: money('10') }), ...packWith({ bands: [{ hs: '8703', kgPerUnit: null, valuePerKg: { least: 1_000, most: 1_000_000 } }] }) },
  { code: 'E-UNIT-MISMATCH', when: goods(unit('LTR')), unless: goods(unit('NAR')), ...packWith({ standardUnits: [{ hs: '8703', unit: 'C62' }] }) },
  { code: 'E-UNIT-PACKAGING', when: goods(unit('BX')), unless: goods(unit('C62')) },
  { code: 'W-UNIT-UNKNOWN', when: goods(unit('QQ')), unless: goods(unit('KGM')) },
  { code: 'W-UNIT-DEPRECATED', when: goods(unit('NPR')), unless: goods(unit('PR')) },
  { code: 'D-UNIT-CONVERTED', when: goods(unit('TNE')), unless: goods(unit('KGM')) },
  { code: 'E-LIMIT-QUANTITY', when: goods(unit('TNE', '9000000000')), unless: goods(unit('TNE', '900000000')) },
  { code: 'E-MOT-CODE', when: goods({}, { transportMode: 'X' }), unless: goods({}, { transportMode: '9' }) },
  { code: 'W-MOT-UNSPECIFIC', when: goods({}, { transportMode: '6' }), unless: goods({}, { transportMode: '4' }) },
  { code: 'E-HS-UNKNOWN', when: goods({ commodityCode: '009912' }), unless: goods({ commodityCode: '870399' }) },
  { code: 'E-HS-UNKNOWN', when: goods({ commodityCode: '848510' }, accepted('2021-12-31')), unless: goods({ commodityCode: '848510' }, accepted('2022-01-01')) },
  { code: 'D-HS-CONVERTED', when: goods({ commodityCode: '007711' }), unless: goods({ commodityCode: '870323' }), ...conversion },
  { code: 'W-HS-AMBIGUOUS', when: goods({ commodityCode: '007711' }), unless: goods({ commodityCode: '007712' }), ...conversion },
  { code: 'W-HS-EDITION', when: goods({ commodityCode: '007712' }, accepted('2022-04-02')), unless: goods({ commodityCode: '007712' }, accepted('2022-03-31')), ...conversion },
  { code: 'W-HS-RESIDUAL', when: goods({ commodityCode: '990000' }), unless: goods({ commodityCode: '970110' }) },
  { code: 'E-REV-ARITH', when: duty({ assessed: amount('1250.02') }), unless: duty({ assessed: amount('1250.01') }) },
  { code: 'W-REV-ARITH', when: duty({ assessed: amount('1250.01') }), unless: duty({ assessed: amount('1250') }) },
  { code: 'E-REV-BASE', when: duty({ base: amount('12500.02'), assessed: amount('1250') }), unless: duty({ base: amount('12500.01'), assessed: amount('1250') }) },
  { code: 'W-REV-PREF-NO-PROOF', when: goods({ preference: '300' }), unless: goods({ preference: '300', documents: [{ type: '954', id: 'EUR.1 7' }] }) },
  { code: 'W-REV-PREF-NO-PROOF', when: goods({ preference: '200', documents: [{ type: '380', id: 'invoice' }] }), unless: goods({ preference: '100' }) },
  { code: 'E-REV-TOTAL-CODE', when: raw({ items: [item({ taxes: [tax(), tax({ type: 'TOT', ratePercent: null })] })] }), unless: raw({ items: [item({ taxes: [tax({ type: 'TOT', ratePercent: null })] })] }) },
  { code: 'X-REV-TOTAL', when: duty({ type: 'TOT', ratePercent: null }), unless: duty({}) },
  { code: 'X-REV-SECURITY', when: duty({ type: 'MCD', ratePercent: null }), unless: duty({}) },
  { code: 'X-REV-NONTAX', when: duty({ type: 'AAP', ratePercent: null }), unless: duty({}) },
  { code: 'W-REV-REFUND-ORPHAN', when: raw({ payments: [payment(), payment({ kind: 'REFUND', taxType: 'VAT' })] }), unless: raw({ payments: [payment(), payment({ kind: 'REFUND' })] }) },
  { code: 'W-REV-REFUND-GT-PAID', when: raw({ payments: [payment(), payment({ kind: 'REFUND', amount: amount('1250.01') })] }), unless: raw({ payments: [payment({ amount: amount('1000') }), payment({ kind: 'REFUND', amount: amount('1250') }), payment({ amount: amount('250') })] }) },
];
