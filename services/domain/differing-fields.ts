/** Fields of a hash of figures, values as integers in text: one that is absent is zero. */
export type FigureFields = ReadonlyMap<string, string>;
export interface DifferingField { readonly field: string; readonly left: string; readonly right: string }

/** What two hashes of the same figures do not have alike, in the order of the fields. */
export function differingFields(left: FigureFields | undefined, right: FigureFields | undefined): DifferingField[] {
  const differing: DifferingField[] = [];
  for (const field of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
    const [ofLeft, ofRight] = [left?.get(field) ?? '0', right?.get(field) ?? '0'];
    if (ofLeft !== ofRight) differing.push({ field, left: ofLeft, right: ofRight });
  }
  return differing.sort((a, b) => (a.field < b.field ? -1 : 1));
}
