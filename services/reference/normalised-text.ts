const greek: Readonly<Record<string, string>> = { α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta' };

/** Words of a text, comparable: NFKC, lower case, Greek letters spelled out, hyphens and punctuation as spaces (MATCH.02). */
export function normalisedWords(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/[αβγδ]/g, (letter) => greek[letter] ?? letter);
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
