import { CellNames } from '../domain/cell-names';
import type { Cubes } from '../domain/cubes';
import { DAY_MS, Calendar } from '../domain/period';
import { limits } from '../limits';
import type { CountingStage } from '../shell/counting-stage';
import { aggregateInputs } from '../topology';
import { behindHorizon } from './decide';
import { identityOf, ledgerIdOf, originOf, Piece, type AggregateEvent } from './piece';

/** Fields of enriched declarations that counting does not read. */
export const unreadFields: readonly string[] = [
  'referenceSet', 'hits.listVersion', 'hits.evidence',
  'standardized.referenceSet', 'standardized.currency', 'standardized.exponent',
  'standardized.accepted.items', 'standardized.accepted.payments', 'standardized.accepted.declarantToken', 'standardized.accepted.counterpartyToken',
  'standardized.accepted.natureOfTransaction', 'standardized.accepted.incoterm', 'standardized.accepted.partnerCountry',
];
/** Fields of refusals that counting does not read. */
export const unreadRefusalFields: readonly string[] = ['rejectId', 'codes', 'message', 'declarationId', 'version', 'recordTopic', 'recordKey', 'recordValue', 'recordHeaders'];

/** `horizonDays`: how long the ledger keeps entries, counted from a partition's newest event; 0: for ever. `fineSinceMs`: no minutes and hours before. */
export function aggregateStage(cubes: Cubes, timeZone: string, horizonDays: number, fineSinceMs?: number): CountingStage<AggregateEvent> {
  const calendar = new Calendar(timeZone);
  const horizonMs = (streamTimeMs: number): number => (horizonDays === 0 ? 0 : streamTimeMs - horizonDays * DAY_MS);
  let names = new CellNames(cubes);
  const keptNames = (): CellNames => (names.size < limits.cellNamesKept ? names : (names = new CellNames(cubes)));
  return {
    name: 'aggregate',
    inputs: aggregateInputs,
    ledgerId: ledgerIdOf,
    originOf,
    piece: (position, ledger) => new Piece(cubes, calendar, horizonMs, position, ledger, keptNames(), fineSinceMs),
    identityOf,
    ...(horizonDays === 0 ? {} : { forgettable: (facts, position) => behindHorizon(facts, horizonMs(position.streamTimeMs)) }),
  };
}
