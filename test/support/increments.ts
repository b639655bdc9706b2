/** Increments written down by hand, and those of a piece as a map. */
import { cellField } from '../../services/domain/cubes';
import type { FieldIncrements, Sum } from '../../services/domain/increments';

type Literal = readonly (readonly [hash: string, fields: readonly (readonly [field: string, amount: Sum])[]])[];

export const incrementsOf = (hashes: Literal): FieldIncrements => ({
  each: (take) => { for (const [hash, fields] of hashes) for (const [field, amount] of fields) take(hash, field, '', amount); },
});

/** `hash field` → amount. */
export function fieldsOf(increments: FieldIncrements): Map<string, Sum> {
  const fields = new Map<string, Sum>();
  increments.each((hash, cell, measure, amount) => fields.set(`${hash} ${cellField(cell, measure)}`, amount));
  return fields;
}
