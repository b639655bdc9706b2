/** A declaration while it is being made: plain and mutable, so that amendments and faults can change a copy. */
import type { Profile } from '../reference/types';

export type Status = 'LODGED' | 'ACCEPTED' | 'RELEASED' | 'CANCELLED';

/** base, assessed, relief: 0.0001 of the home currency; rate: 0.01 per cent, null for a specific duty. */
export interface DraftTax { type: string; base: number; rate: number | null; assessed: number; relief: number }
export interface DraftItem {
  itemNumber: number;
  commodityCode: string;
  description: string | null;
  casNumber: string | null;
  /** Per cent, as written. */
  concentration: string | null;
  origin: string;
  preference: string | null;
  /** 0.000001 kg */
  netMass: number;
  /** value: 0.000001 of the unit */
  quantity: { unit: string; value: number } | null;
  /** 0.0001 of the currency, as are freight and insurance. */
  invoice: number;
  currency: string;
  freight: number | null;
  insurance: number | null;
  document: string | null;
  taxes: DraftTax[];
}
/** amount: 0.0001 of the home currency; paidAt: ms */
export interface DraftPayment { taxType: string; kind: 'PAYMENT' | 'REFUND' | 'DEPOSIT'; amount: number; paidAt: number }
/** One version of a declaration; times in ms. */
export interface DraftEvent {
  eventId: string;
  declarationId: string;
  version: number;
  status: Status;
  occurredAt: number;
  acceptedAt: number | null;
  office: string;
  flow: 'IMPORT' | 'EXPORT';
  procedure: string;
  nature: string | null;
  incoterm: string | null;
  transportMode: string;
  partner: string;
  declarantId: string;
  traderId: string;
  counterpartyId: string | null;
  items: DraftItem[];
  payments: DraftPayment[];
}

export const copyItems = (items: readonly DraftItem[]): DraftItem[] =>
  items.map((item) => ({ ...item, quantity: item.quantity && { ...item.quantity }, taxes: item.taxes.map((tax) => ({ ...tax })) }));

/** The home currency's minor unit in 0.0001: 100 for two decimals, 10,000 for none. */
export const minorOf = (profile: Profile): number => 10 ** (4 - profile.minorUnits);
