import { unpackPairs } from './unpacking';

/** By the tables of the MessagePack specification, written out. */
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const { length } = bytes;
  const head = length < 32 ? [0xa0 | length] : length < 256 ? [0xd9, length] : length < 65_536 ? [0xda, length >> 8, length & 255] : [0xdb, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
};
const array = (texts: readonly string[]): Buffer => {
  const { length } = texts;
  const head = length < 16 ? [0x90 | length] : length < 65_536 ? [0xdc, length >> 8, length & 255] : [0xdd, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from(head), ...texts.map(text)]);
};

function unpacked(packed: Buffer): [string, string][] {
  const pairs: [string, string][] = [];
  unpackPairs(packed, (field, value) => pairs.push([field, value]));
  return pairs;
}

it('nothing is packed as an empty array', () => { expect(unpacked(Buffer.from([0x90]))).toEqual([]); });

it.each([1, 7, 8, 40_000])('%i pairs', (count) => {
  const pairs = Array.from({ length: count }, (_, number) => [`KIN01|CUD|${number}:assessed`, String(number)]);
  expect(unpacked(array(pairs.flat()))).toEqual(pairs);
});

it.each([0, 31, 32, 255, 256, 65_535, 65_536])('a field of %i bytes', (length) => {
  expect(unpacked(array(['x'.repeat(length), '1']))).toEqual([['x'.repeat(length), '1']]);
});

it('names that are not ASCII', () => { expect(unpacked(array(['café|税:lines', '-9223372036854775808']))).toEqual([['café|税:lines', '-9223372036854775808']]); });
