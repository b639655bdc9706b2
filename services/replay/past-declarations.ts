/** Declarations of a replay's history as a look-back screens them: decided as the replay decides. */
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { PastDeclarations } from '../look-back/run-look-back';
import type { PastDeclaration } from '../look-back/look-back';
import type { LogInspector } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import type { FusedReader } from './fused/fused-reader';

/** `inspector`: of the log as the replay sees it. A replay has told nobody: what its own decisions hit is as new as the rest. */
export function pastDeclarations({ source, historyFrom }: NamespaceManifest, inspector: LogInspector, reader: FusedReader): PastDeclarations {
  const ranges = async () => (await inspector.offsets(source)).map(({ partition, start, end }) => ({ topic: source, partition, from: Math.max(start, historyFrom?.[`${source}/${partition}`] ?? start), next: end }));
  return {
    size: async () => (await ranges()).reduce((sum, { from, next }) => sum + next - from, 0),
    read: async (each) => {
      let unreadable = 0;
      await inspector.readRanges(await ranges(), async ({ partition, records }) => {
        await reader.prepare(records.map(({ value }) => value), monotonicMs());
        for (const record of records) {
          const event = reader.read(partition, record);
          if (event === undefined) unreadable++;
          /** The record is as the stages wrote it: counting names fewer of its fields than screening. */
          else if ('standardized' in event) each({ standardized: event.standardized as unknown as PastDeclaration['standardized'], hits: [] }, partition);
        }
      });
      return unreadable;
    },
  };
}
