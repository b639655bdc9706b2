/** The shapes of a declaration on its way, as the codecs hand them over. Decimals are scaled bigints (see decimal.ts). */

export type DeclarationStatus = 'LODGED' | 'ACCEPTED' | 'RELEASED' | 'CANCELLED';
export type Flow = 'IMPORT' | 'EXPORT';
export type PaymentKind = 'PAYMENT' | 'REFUND' | 'DEPOSIT';

/** The raw record that everything derived from it carries: identity, order, and the broker's clock. */
export interface Origin {
  readonly partition: number;
  readonly offset: number;
  /** Broker timestamp of the raw record, ms. */
  readonly timestamp: number;
}

export interface Money { readonly amount: bigint; readonly currency: string }
export interface Quantity { readonly unit: string; readonly value: bigint }
export interface Document { readonly type: string; readonly id: string }
export interface Tax {
  readonly type: string;
  readonly base: bigint;
  readonly ratePercent: bigint | null;
  readonly assessed: bigint;
  readonly relief: bigint;
}
export interface Payment {
  readonly taxType: string;
  readonly kind: PaymentKind;
  readonly amount: bigint;
  /** ms */
  readonly paidAt: number;
}

export interface Item {
  readonly itemNumber: number;
  readonly commodityCode: string;
  readonly description: string | null;
  readonly casNumber: string | null;
  readonly concentrationPercent: bigint | null;
  readonly originCountry: string;
  readonly preference: string | null;
  readonly netMassKg: bigint;
  readonly supplementaryQuantity: Quantity | null;
  readonly invoiceAmount: Money;
  readonly freightAmount: Money | null;
  readonly insuranceAmount: Money | null;
  readonly documents: readonly Document[];
  readonly taxes: readonly Tax[];
}

interface DeclarationHead {
  readonly eventId: string;
  readonly declarationId: string;
  readonly version: number;
  readonly status: DeclarationStatus;
  /** ms */
  readonly occurredAt: number;
  /** ms; null only while LODGED (or cancelled before acceptance) */
  readonly acceptedAt: number | null;
  readonly office: string;
  readonly flow: Flow;
  readonly procedure: string;
  readonly natureOfTransaction: string | null;
  readonly incoterm: string | null;
  readonly transportMode: string;
  readonly partnerCountry: string;
}

export interface RawDeclaration extends DeclarationHead {
  readonly declarantId: string;
  readonly traderId: string;
  readonly counterpartyId: string | null;
  readonly items: readonly Item[];
  readonly payments: readonly Payment[];
}

export interface AcceptedDeclaration extends DeclarationHead {
  readonly origin: Origin;
  readonly declarantToken: string;
  readonly traderToken: string;
  readonly counterpartyToken: string | null;
  readonly items: readonly Item[];
  readonly payments: readonly Payment[];
}

/** From here on amounts are safe integers: minor units of the home currency, grams, thousandths. */
export interface StandardTax {
  readonly type: string;
  readonly assessed: number;
  readonly relief: number;
  /** X-REV- code that keeps the line out of revenue. */
  readonly code: string | null;
}
export interface StandardItem {
  readonly itemNumber: number;
  readonly hs6: string;
  readonly origin: string;
  readonly partner: string;
  readonly value: number;
  readonly netMassGrams: number;
  readonly quantity: { readonly unit: string; readonly thousandths: number } | null;
  readonly codes: readonly string[];
  readonly taxes: readonly StandardTax[];
  /** Fields that the item should have, and those of them that are not there or say nothing: sets of quality.ts. */
  readonly expected: number;
  readonly missing: number;
  /** The value, mass or quantity that is counted was not declared. */
  readonly imputed: boolean;
}
export type PaymentMeasure = 'COLLECTED' | 'REFUNDED' | 'DEPOSITS';
export interface StandardPayment {
  readonly taxType: string;
  readonly measure: PaymentMeasure;
  readonly amount: number;
  readonly paidAt: number;
}
/** What standardize adds to the accepted record. */
export interface Standardization {
  readonly definitions: string;
  readonly referenceSet: string;
  readonly currency: string;
  readonly exponent: number;
  readonly codes: readonly string[];
  readonly items: readonly StandardItem[];
  readonly payments: readonly StandardPayment[];
}

/** What enrich adds. */
export interface Hit {
  readonly itemNumber: number;
  readonly listId: string;
  readonly listVersion: string;
  readonly rowId: string;
  readonly substance: string;
  readonly level: number;
  readonly evidence: readonly string[];
}
export interface Screening {
  readonly referenceSet: string;
  readonly hits: readonly Hit[];
}

export interface PrecursorAlert {
  readonly alertId: string;
  readonly origin: Origin;
  readonly declarationId: string;
  readonly version: number;
  readonly itemNumber: number;
  readonly occurredAt: number;
  readonly office: string;
  readonly flow: string;
  readonly partner: string;
  readonly traderToken: string;
  readonly level: number;
  readonly listId: string;
  readonly listVersion: string;
  readonly rowId: string;
  readonly substance: string;
  readonly evidence: readonly string[];
  readonly explanation: string;
  readonly referenceSet: string;
  /** Found by a list that came into force afterwards. */
  readonly lookBack: boolean;
}

export interface RejectedDeclaration {
  readonly rejectId: string;
  readonly origin: Origin;
  readonly stage: string;
  readonly code: string;
  readonly codes: readonly string[];
  readonly message: string;
  readonly declarationId: string | null;
  readonly version: number | null;
  readonly office: string | null;
  readonly occurredAt: number | null;
  readonly recordTopic: string;
  readonly recordKey: Buffer | null;
  readonly recordValue: Buffer | null;
  readonly recordHeaders: readonly { readonly key: string; readonly value: Buffer }[];
}
