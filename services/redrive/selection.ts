/** Which refusals are to be sent again. */
import type { RejectedDeclaration } from '../domain/declaration';
import { originText } from '../domain/position';

export type RedriveCandidate = Pick<RejectedDeclaration, 'rejectId' | 'origin' | 'stage' | 'code' | 'codes' | 'declarationId'>;

/** What is not named is not asked: without any, nothing is meant. */
export interface RedriveChoice {
  readonly ids?: readonly string[];
  readonly code?: string;
  /** By arrival of the raw record, ms: from `sinceMs`, before `untilMs`. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** Each raw record once, in the order of arrival. A crash may have refused a record twice, under one id. */
export function chosen(refusals: readonly RedriveCandidate[], { ids, code, sinceMs, untilMs }: RedriveChoice): RedriveCandidate[] {
  const wanted = ids && new Set(ids);
  const byOrigin = new Map<string, RedriveCandidate>();
  for (const refusal of refusals) {
    const { rejectId, origin, codes } = refusal;
    if (wanted && !wanted.has(rejectId)) continue;
    if (code !== undefined && !codes.includes(code)) continue;
    if (origin.timestamp < (sinceMs ?? -Infinity) || origin.timestamp >= (untilMs ?? Infinity)) continue;
    byOrigin.set(originText(origin), refusal);
  }
  return [...byOrigin.values()].sort((a, b) => a.origin.timestamp - b.origin.timestamp || a.origin.partition - b.origin.partition || a.origin.offset - b.origin.offset);
}
