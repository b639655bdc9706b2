import type { FigureStatus } from '../domain/figure-status';
import { inWords } from '../verify/self-check-turns';
import type { Seal } from './closed-period';
import type { ClosingOutcome } from './close-month';

export type NotClosed = Exclude<ClosingOutcome, { seal: unknown }>;
/** For programs, and for pages that say it in the reader's language. */
export type Hindrance = 'already-closed' | 'closing-elsewhere' | 'empty' | 'catching-up' | 'provisional' | 'contradictions';

/** What is known of a month before somebody tries to close it. */
export interface MonthFacts { readonly seal?: Seal | undefined; readonly status: FigureStatus; readonly empty: boolean }

/** What stands against a closing, as far as it shows without one: contradictions come out when the figures are copied. */
export function hindranceBefore({ seal, status, empty }: MonthFacts): NotClosed | undefined {
  if (seal) return { alreadyClosed: seal };
  if (status !== 'final') return { notFinal: status };
  return empty ? { empty } : undefined;
}

export function hindranceOf(outcome: NotClosed): Hindrance {
  if ('alreadyClosed' in outcome) return 'already-closed';
  if ('closingElsewhere' in outcome) return 'closing-elsewhere';
  if ('empty' in outcome) return 'empty';
  if ('notFinal' in outcome) return outcome.notFinal === 'catching-up' ? 'catching-up' : 'provisional';
  return 'contradictions';
}

/** Why a month was not closed, in words for the person that asked. */
export function whyNotClosed(month: string, outcome: NotClosed): string {
  if ('alreadyClosed' in outcome) return `${month} was closed by ${outcome.alreadyClosed.closedBy} on ${new Date(outcome.alreadyClosed.closedAtMs).toISOString()}; a closed month is not opened again`;
  if ('closingElsewhere' in outcome) return `${month} is being closed by another command now`;
  if ('empty' in outcome) return `${month} has no figures: there is nothing to close`;
  if ('notFinal' in outcome) return outcome.notFinal === 'catching-up' ? 'the figures are being rebuilt: wait until the store has caught up' : `${month} is ${outcome.notFinal}: declarations of that month may still be on their way. It is final once all partitions are past its end ("tidewaiter query operations --period month:${month}" shows the status)`;
  return `${month} is not closed, since its figures contradict each other:\n${outcome.disagreements.slice(0, 20).map((disagreement) => `  ${inWords(disagreement, 1)}`).join('\n')}`;
}
