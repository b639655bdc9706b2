import type { AcceptedDeclaration } from '../../domain/declaration';
import { AMOUNT_SCALE, formatDecimal, rescale } from '../../domain/decimal';

/** One accepted declaration as the stream shows it; parties as their tokens. */
export interface DeclarationLine {
  readonly declarationId: string; readonly version: number; readonly status: string; readonly office: string; readonly flow: string;
  readonly procedure: string; readonly partner: string; readonly at: string; readonly items: number; readonly hs6: readonly string[];
  /** Null: its items have several currencies. */
  readonly invoice: { readonly amount: string; readonly currency: string } | null;
  readonly assessed: string;
  readonly tokens: { readonly declarant: string; readonly trader: string };
  readonly dropped: number;
}

export function declarationLine(declaration: AcceptedDeclaration, minorUnits: number, dropped: number): DeclarationLine {
  const { declarationId, version, status, office, flow, procedure, partnerCountry, occurredAt, items, declarantToken, traderToken } = declaration;
  const currencies = new Set(items.map(({ invoiceAmount }) => invoiceAmount.currency));
  const [currency] = currencies;
  const assessed = items.flatMap(({ taxes }) => taxes).reduce((sum, tax) => sum + tax.assessed, 0n);
  return {
    declarationId, version, status, office, flow, procedure, partner: partnerCountry, at: new Date(occurredAt).toISOString(), items: items.length,
    hs6: [...new Set(items.map(({ commodityCode }) => commodityCode.slice(0, 6)))],
    invoice: currencies.size !== 1 || currency === undefined ? null : { amount: formatDecimal(items.reduce((sum, { invoiceAmount }) => sum + invoiceAmount.amount, 0n), AMOUNT_SCALE), currency },
    assessed: formatDecimal(rescale(assessed, AMOUNT_SCALE, minorUnits), minorUnits),
    tokens: { declarant: declarantToken, trader: traderToken }, dropped,
  };
}
