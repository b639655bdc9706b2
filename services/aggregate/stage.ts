import type { Cubes } from '../domain/cubes';
import { Calendar } from '../domain/period';
import type { CountingStage } from '../shell/run-counting';
import { aggregateInputs } from '../topology';
import { ledgerIdOf, originOf, Piece, type AggregateEvent } from './piece';

/** Fields of enriched declarations that counting does not read. */
export const unreadFields: readonly string[] = [
  'referenceSet', 'hits.listVersion', 'hits.evidence',
  'standardized.definitions', 'standardized.referenceSet', 'standardized.currency', 'standardized.exponent',
  'standardized.accepted.items', 'standardized.accepted.payments', 'standardized.accepted.declarantToken', 'standardized.accepted.counterpartyToken',
  'standardized.accepted.natureOfTransaction', 'standardized.accepted.incoterm', 'standardized.accepted.partnerCountry',
];
/** Fields of refusals that counting does not read. */
export const unreadRefusalFields: readonly string[] = ['rejectId', 'codes', 'message', 'declarationId', 'version', 'recordTopic', 'recordKey', 'recordValue', 'recordHeaders'];

export function aggregateStage(cubes: Cubes, timeZone: string): CountingStage<AggregateEvent> {
  const calendar = new Calendar(timeZone);
  return {
    name: 'aggregate',
    inputs: aggregateInputs,
    ledgerId: ledgerIdOf,
    originOf,
    piece: (position, ledger) => new Piece(cubes, calendar, position, ledger),
  };
}
