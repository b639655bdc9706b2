import { inWords } from '../verify/self-check-turns';
import type { ClosingOutcome } from './close-month';

/** Why a month was not closed, in words for the person that asked. */
export function whyNotClosed(month: string, outcome: Exclude<ClosingOutcome, { seal: unknown }>): string {
  if ('alreadyClosed' in outcome) return `${month} was closed by ${outcome.alreadyClosed.closedBy} on ${new Date(outcome.alreadyClosed.closedAtMs).toISOString()}; a closed month is not opened again`;
  if ('closingElsewhere' in outcome) return `${month} is being closed by another command now`;
  if ('empty' in outcome) return `${month} has no figures: there is nothing to close`;
  if ('notFinal' in outcome) return outcome.notFinal === 'catching-up' ? 'the figures are being rebuilt: wait until the store has caught up' : `${month} is ${outcome.notFinal}: declarations of that month may still be on their way. It is final once all partitions are past its end ("tidewaiter query operations --period month:${month}" shows the status)`;
  return `${month} is not closed, since its figures contradict each other:\n${outcome.disagreements.slice(0, 20).map((disagreement) => `  ${inWords(disagreement, 1)}`).join('\n')}`;
}
