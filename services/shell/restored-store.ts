/** Figures that are written as they were published, and not counted: the one way into a namespace that nobody owns a partition of. */
export interface RestoredStore {
  /** Says on every shard what the namespace is, before there is a figure in it. False where a shard says something else: nothing is changed there. */
  begin(manifest: string): Promise<boolean>;
  /** Says so anew, of a namespace that was begun. */
  describe(manifest: string): Promise<void>;
  /** Sets fields of a hash of cells, values as integers in text. */
  put(shard: number, hash: string, fields: ReadonlyMap<string, string>): Promise<void>;
  readonly shards: number;
  close(): Promise<void>;
}
