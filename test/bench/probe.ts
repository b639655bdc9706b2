/** A declaration of one item and one tax line whose cells are known beforehand. */
import type { RawDeclaration } from '../../services/domain/declaration';

export interface ProbePlace { readonly office: string; readonly partner: string; readonly currency: string }

export function probeDeclaration(id: string, { office, partner, currency }: ProbePlace, atMs: number): RawDeclaration {
  return {
    eventId: `${id}/1`, declarationId: id, version: 1, status: 'ACCEPTED', occurredAt: atMs, acceptedAt: atMs, office, flow: 'IMPORT', procedure: '4000',
    natureOfTransaction: null, incoterm: null, transportMode: '1', partnerCountry: partner, declarantId: 'D1', traderId: 'T1', counterpartyId: null, payments: [],
    items: [{
      itemNumber: 1, commodityCode: '870323', description: null, casNumber: null, concentrationPercent: null, originCountry: partner, preference: null,
      netMassKg: 1_200_000_000n, supplementaryQuantity: null, invoiceAmount: { amount: 100_000_000n, currency }, freightAmount: null, insuranceAmount: null, documents: [],
      taxes: [{ type: 'CUD', base: 100_000_000n, ratePercent: 100_000n, assessed: 10_000_000n, relief: 0n }],
    }],
  };
}
