const greek: Readonly<Record<string, string>> = { α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta' };
const onlyAscii = /^[\x20-\x7e]*$/;

/**
 * Words of a text, comparable (MATCH.02): lower case, Greek letters spelled out, hyphens and punctuation as
 * spaces, full-width and ligature forms as plain letters, and accents left out: acétone is acetone.
 */
export function normalisedWords(text: string): string[] {
  const lower = text.toLowerCase();
  if (onlyAscii.test(lower)) return lower.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const plain = lower.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/[αβγδ]/g, (letter) => greek[letter] ?? letter);
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
