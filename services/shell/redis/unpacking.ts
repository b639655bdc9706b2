/** Texts that a script has packed as one MessagePack array: fields and values in turn, of whatever length. */
const FIXED = { array: 0x90, arrayMask: 0xf0, text: 0xa0, textMask: 0xe0 } as const;
const ARRAY_16 = 0xdc;
const TEXT_8 = 0xd9;
const TEXT_16 = 0xda;

/** Hands over each pair: a pair of its own for each would be most of the cost. */
export function unpackPairs(packed: Buffer, take: (field: string, value: string) => void): void {
  const head = packed[0] as number;
  let at = 1;
  let left: number;
  if ((head & FIXED.arrayMask) === FIXED.array) left = head & ~FIXED.arrayMask;
  else {
    const bytes = head === ARRAY_16 ? 2 : 4;
    left = packed.readUIntBE(at, bytes);
    at += bytes;
  }
  const text = (): string => {
    const kind = packed[at++] as number;
    let length = kind & ~FIXED.textMask;
    if ((kind & FIXED.textMask) !== FIXED.text) {
      const bytes = kind === TEXT_8 ? 1 : kind === TEXT_16 ? 2 : 4;
      length = packed.readUIntBE(at, bytes);
      at += bytes;
    }
    const start = at;
    at += length;
    return packed.toString('utf8', start, at);
  };
  for (; left > 0; left -= 2) take(text(), text());
}
