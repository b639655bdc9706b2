/** What a stage declares to the shell. A new stage is a folder with a decision and one of these; the shell stays as it is. */
import type { Identity, Outcome } from '../domain/outcome';
import type { Origin } from '../domain/declaration';
import type { UpstreamStageDeclaration } from '../topology';

export interface Stage<Input, Addition> {
  readonly declaration: UpstreamStageDeclaration;
  /** Fields of the input topic that the decision does not read (dotted paths): they are not decoded. */
  readonly unread: readonly string[];
  /**
   * `appends`: the output record begins with the record read, whose bytes are copied; the decision adds the
   * fields behind it. `replaces`: the decision answers the whole new record.
   */
  readonly output: 'appends' | 'replaces';
  decide(input: Input, origin: Origin): Outcome<Addition>;
  /** Where the input says that it comes from; undefined: the record itself is the origin (raw). */
  originOf(input: Input): Origin | undefined;
  identityOf(input: Input): Identity;
  /** Digest of the reference data that decides, committed beside the position. */
  readonly referenceSet: string;
}
