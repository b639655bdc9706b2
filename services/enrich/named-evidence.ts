/** Names of listed substances in free text: whole words, and never where the text says that they are absent. */
import { normalisedWords } from '../reference/normalised-text';
import type { ListedSubstance, WatchlistIndex } from '../reference/types';

const negators: ReadonlySet<string> = new Set(['not', 'no', 'without', 'non', 'sans', 'free-of']);
/** A new statement about what is there ends the reach of a negation. */
const affirmers: ReadonlySet<string> = new Set(['but', 'with', 'mais', 'avec']);
/** “drum no 5” counts drums and denies nothing. */
const isNumber = (word: string | undefined): boolean => word !== undefined && /^\d+$/.test(word);
const clauseEnds = /[.;:()\n]+/;
const casInText = /\b\d{2,7}-\d{2}-\d\b/g;

/** Candidates for CAS numbers in a text; their check digit is for the caller to test. */
export const casCandidates = (text: string): readonly string[] => (text.includes('-') ? (text.match(casInText) ?? []) : []);

/** Rows named by the text, each once. */
export function namedSubstances(text: string, index: WatchlistIndex): Set<ListedSubstance> {
  const found = new Set<ListedSubstance>();
  for (const clause of text.split(clauseEnds)) {
    const words = normalisedWords(clause);
    let negated = false;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string;
      if ((negators.has(word) && !(word === 'no' && isNumber(words[at + 1]))) || (word === 'free' && (words[at + 1] === 'of' || words[at + 1] === 'from'))) negated = true;
      else if (affirmers.has(word)) negated = false;
      if (negated) continue;
      for (const { words: name, listed } of index.names.get(word) ?? []) {
        if (matchesAt(words, at, name) && words[at + name.length] !== 'free') found.add(listed);
      }
    }
  }
  return found;
}

function matchesAt(words: readonly string[], at: number, name: readonly string[]): boolean {
  for (let index = 1; index < name.length; index++) if (words[at + index] !== name[index]) return false;
  return true;
}
