/** What reading one line or row of a file gives: a declaration, or what is wrong with it. */
import type { RawDeclaration } from '../domain/declaration';

/** `field` is a path such as items[0].netMassKg; `problem` says what is expected, never the value of a party id. */
export interface LineFault { readonly field: string; readonly problem: string }
export interface FeedLine {
  readonly line: number;
  readonly declaration?: RawDeclaration;
  readonly faults: readonly LineFault[];
  /** Fields that the event form does not have: left out, counted. */
  readonly unknownFields: readonly string[];
}

/** What is wrong with a line, for people: each fault by its path. */
export const faultText = ({ line, faults }: FeedLine): string => `line ${line}: ${faults.map(({ field, problem }) => `${field} ${problem}`).join('; ')}`;
