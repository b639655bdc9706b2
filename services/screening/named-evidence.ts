/** Names of listed substances in free text: whole words, and never where the text says that they are absent. */
import { normalisedWords } from '../reference/normalised-text';
import type { ListedSubstance, WatchlistIndex } from '../reference/types';

const negators: ReadonlySet<string> = new Set(['not', 'no', 'without', 'non', 'sans', 'exempt', 'exempte', 'depourvu', 'depourvue']);
/** A new statement about what is there ends the reach of a negation. */
const affirmers: ReadonlySet<string> = new Set(['but', 'with', 'mais', 'avec']);

/** “drum no 5” counts drums and denies nothing. */
const isNumber = (word: string | undefined): boolean => word !== undefined && /^\d+$/.test(word);

const clauseEnds = /[.;:()\n]+/;
const casInText = /\b\d{2,7}-\d{2}-\d\b/g;

/** Candidates for CAS numbers in a text; their check digit is for the caller to test. */
export const casCandidates = (text: string): readonly string[] => (text.includes('-') ? (text.match(casInText) ?? []) : []);

/** Calls `found` for rows named by the text; a row may come more than once. */
export function namedSubstances(text: string, { names }: WatchlistIndex, found: (listed: ListedSubstance) => void): void {
  for (const clause of clauseEnds.test(text) ? text.split(clauseEnds) : [text]) {
    const words = normalisedWords(clause);
    let negated = false;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string;
      if (denies(words, at)) negated = true;
      else if (affirmers.has(word)) negated = false;
      if (!negated) names.at(words, at, (listed, end) => { if (words[end] !== 'free') found(listed); });
    }
  }
}

function denies(words: readonly string[], at: number): boolean {
  const word = words[at] as string;
  if (word === 'free') return words[at + 1] === 'of' || words[at + 1] === 'from';
  return negators.has(word) && !(word === 'no' && isNumber(words[at + 1]));
}
