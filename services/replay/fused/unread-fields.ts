/** Fields of a source topic that no stage behind it reads: they need not be decoded. */

/** What each reader of the flow leaves unread (dotted paths), from the source on; `carriedAs`: the name under which the next topic carries what this one does. */
export interface Reading { readonly unread: readonly string[]; readonly carriedAs: string | undefined }

export function unreadByAll(readings: readonly Reading[]): readonly string[] {
  const [first, ...later] = readings;
  if (!first) return [];
  let prefix = '';
  let left = first.unread;
  for (const [index, { unread }] of later.entries()) {
    const carriedAs = readings[index]?.carriedAs;
    /** A stage that writes a whole new record may copy anything into it. */
    if (carriedAs === undefined) return [];
    prefix = `${carriedAs}.${prefix}`;
    const path = prefix;
    left = left.filter((field) => unread.some((other) => path + field === other || (path + field).startsWith(`${other}.`)));
  }
  return left;
}
