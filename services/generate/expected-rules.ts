/** What the definition pack says, read from its file the slow way, for the expected figures. */
import type { Profile } from '../reference/types';
import { exact, rounded } from './expected-numbers';
import { readReference } from './vocabulary';

export interface LineMoney { readonly amount: string; readonly currency: string }
export interface LineTax { readonly type: string; readonly assessed: string; readonly relief: string }
export interface LineItem {
  readonly commodityCode: string;
  readonly description: string | null;
  readonly casNumber: string | null;
  readonly concentrationPercent: string | null;
  readonly originCountry: string;
  readonly netMassKg: string;
  readonly supplementaryQuantity: { readonly unit: string; readonly value: string } | null;
  readonly invoiceAmount: LineMoney;
  readonly freightAmount: LineMoney | null;
  readonly insuranceAmount: LineMoney | null;
  readonly documents: readonly { readonly type: string }[];
  readonly taxes: readonly LineTax[];
}
/** An event as a line holds it. */
export interface Line {
  readonly eventId: string;
  readonly version: number;
  readonly status: string;
  readonly occurredAt: string;
  readonly acceptedAt: string | null;
  readonly office: string;
  readonly flow: string;
  readonly procedure: string;
  readonly natureOfTransaction: string | null;
  readonly incoterm: string | null;
  readonly transportMode: string;
  readonly partnerCountry: string;
  readonly items: readonly LineItem[];
  readonly payments: readonly { readonly taxType: string; readonly kind: string; readonly amount: string; readonly paidAt: string }[];
}

interface Pack {
  readonly procedures: readonly (Readonly<Record<string, string>> & { readonly pattern: string })[];
  readonly incoterms: readonly { readonly code: string; readonly importCif: readonly string[]; readonly exportFob: readonly string[] }[];
  readonly units: readonly { readonly code: string; readonly canonical: string; readonly numerator: string; readonly denominator: string }[];
  readonly taxes: { readonly total: readonly string[]; readonly nonTax: readonly string[] };
  readonly specialCodes: readonly { readonly hs: string }[];
  readonly residualChapters: readonly string[];
  readonly noPaymentNatures: readonly string[];
  readonly expectedFields: readonly string[];
}

export class ExpectedRules {
  private readonly pack = readReference('imts2010-1.0.0') as unknown as Pack;
  constructor(private readonly profile: Profile) {}

  get expectedFields(): readonly string[] { return this.pack.expectedFields; }
  isDeposit(taxType: string): boolean { return this.profile.depositTaxTypes.includes(taxType); }
  /** A tax line that is revenue. */
  isRevenue(taxType: string): boolean { return !this.isDeposit(taxType) && !this.pack.taxes.total.includes(taxType) && !this.pack.taxes.nonTax.includes(taxType); }
  minor(amount: string): bigint { return rounded(exact(amount), this.profile.minorUnits); }
  hs6(item: LineItem): string { return this.pack.residualChapters.includes(item.commodityCode.slice(0, 2)) ? '999999' : item.commodityCode.slice(0, 6); }

  /** Counted in trade statistics: a procedure that the trade system counts, and no monetary gold. */
  isTrade({ procedure }: Line, item: LineItem): boolean {
    const rows = this.pack.procedures.filter(({ pattern }) => [...pattern].every((sign, index) => sign === '.' || sign === procedure[index]));
    const row = rows.find(({ pattern }) => pattern === procedure) ?? rows[0];
    return row?.[this.profile.tradeSystem] === 'count' && !this.pack.specialCodes.some(({ hs }) => hs === this.hs6(item));
  }

  /** Nothing was paid, so that a value of zero or less is taken (VAL.04). */
  isGift({ natureOfTransaction }: Line): boolean { return natureOfTransaction !== null && this.pack.noPaymentNatures.includes(natureOfTransaction); }

  /** Statistical value in minor units, rounded once. */
  value(line: Line, item: LineItem): bigint {
    const terms = this.pack.incoterms.find(({ code }) => code === line.incoterm);
    let value = exact(item.invoiceAmount.amount);
    for (const step of (line.flow === 'IMPORT' ? terms?.importCif : terms?.exportFob) ?? []) {
      const part = exact((step.endsWith('freight') ? item.freightAmount : item.insuranceAmount)?.amount ?? '0');
      value += step.startsWith('-') ? -part : part;
    }
    return rounded(value, this.profile.minorUnits);
  }

  /** In thousandths of the canonical unit; undefined when none is declared or it is no statistical one. */
  quantity({ supplementaryQuantity: declared }: LineItem): { unit: string; thousandths: bigint } | undefined {
    const unit = this.pack.units.find(({ code }) => code === declared?.unit);
    if (!declared || !unit) return undefined;
    return { unit: unit.canonical, thousandths: rounded(exact(declared.value) * BigInt(unit.numerator), 3, BigInt(unit.denominator)) };
  }
}
