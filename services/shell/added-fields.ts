/** Adds fields of one shard's hash to those of the others: values are 64-bit integers as text. */
export function addFields(sums: Map<string, string>, fields: Iterable<readonly [string, string]>): void {
  for (const [field, value] of fields) addField(sums, field, value);
}

function addField(sums: Map<string, string>, field: string, value: string): void {
  const before = sums.get(field);
  sums.set(field, before === undefined ? value : (BigInt(before) + BigInt(value)).toString());
}
