/**
 * The decisions of several stages, one behind the other, without topics between them: what a record comes to when it is
 * read from any topic of the flow. The same pure functions decide; what they hand over is what the topics would carry
 * (test/contract/fused-flow.test.ts compares the bytes).
 */
import type { RefusalEvent } from '../../aggregate/piece';
import type { Origin } from '../../domain/declaration';
import type { Outcome } from '../../domain/outcome';
import { internalRefusal } from '../../shell/rejection';
import type { Stage } from '../../shell/stage';

export interface FusedStep {
  readonly stage: Stage<unknown, unknown>;
  /** Under which name the output carries what was read; undefined: it does not. */
  readonly carriedAs: string | undefined;
}

/** What the last stage would have written, or why one of them refused. */
export type FusedOutcome = { readonly written: unknown } | { readonly refused: RefusalEvent };

/** `onDefect` is told what a decision threw: a mistake of this version, counted as refused, as the stage itself would. */
export function decideFused(steps: readonly FusedStep[], input: unknown, recordOrigin: Origin, onDefect: (error: unknown) => void): FusedOutcome {
  let current = input;
  for (const { stage, carriedAs } of steps) {
    const origin = stage.originOf(current) ?? recordOrigin;
    let outcome: Outcome<unknown>;
    try {
      outcome = stage.decide(current, origin);
    } catch (error) {
      onDefect(error);
      outcome = { kind: 'reject', refusals: [internalRefusal], identity: stage.identityOf(current) };
    }
    if (outcome.kind === 'reject') {
      const { refusals, identity } = outcome;
      return { refused: { origin, stage: stage.declaration.name, code: refusals[0]?.code ?? internalRefusal.code, office: identity?.office ?? null, occurredAt: identity?.occurredAt ?? null } };
    }
    current = carriedAs === undefined ? outcome.addition : { [carriedAs]: current, ...(outcome.addition as object) };
  }
  return { written: current };
}
