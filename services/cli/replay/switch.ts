/** `replay promote`, `undo`, `drop`, `list`: which namespaces there are, and which one everybody reads. */
import { liveBefore, liveOf, type NamespaceManifest } from '../../domain/namespace-directory';
import { beginsLater, historyLeft, isFarBehind } from '../../replay/replay-manifest';
import { LIVE_NAMESPACE } from '../../topology';
import { readConfig } from '../../shell/config';
import { readOffsets, recordsBehind } from '../../shell/read-positions';
import { CommandFailure } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, table } from '../output';
import { mustHaveNoWorkers, Namespaces } from './namespaces';

export interface SwitchOptions { readonly by: string; readonly reason: string }

export async function promoteReplay(name: string, { by, reason }: SwitchOptions): Promise<void> {
  await withNamespaces(async (namespaces, neighbours) => {
    const manifest = namespaces.named(name);
    if (liveOf(namespaces.directory).name === name) throw new CommandFailure(`${name} is live already`);
    await mustBeComplete(manifest, neighbours);
    await namespaces.tell({ kind: 'promoted', name, by, reason, atMs: Date.now() });
    print(`${name} is live: queries and the console show it from now on, the aggregate topics follow.\n"tidewaiter replay undo" goes back. What comes is counted by "tidewaiter replay follow", which has to run from now on; "tidewaiter replay run ${name} --follow" does it too.`);
  });
}

export async function undoPromotion({ by, reason }: SwitchOptions): Promise<void> {
  await withNamespaces(async (namespaces, neighbours) => {
    const before = liveBefore(namespaces.directory);
    if (before === undefined) throw new CommandFailure('no promotion stands: there is nothing to undo');
    if (before !== LIVE_NAMESPACE) {
      const manifest = namespaces.named(before);
      await mustBeComplete(manifest, neighbours);
    }
    await namespaces.tell({ kind: 'promoted', name: before, by, reason, atMs: Date.now(), undoes: true });
    print(`${before} is live again.`);
  });
}

const withNamespaces = (work: (namespaces: Namespaces, neighbours: Neighbours) => Promise<void>): Promise<void> =>
  withNeighbours(readConfig(), async (neighbours) => work(await Namespaces.open(neighbours), neighbours));

/** From the beginning to the end, and not far behind it: who reads would see figures fall back. */
async function mustBeComplete(manifest: NamespaceManifest, neighbours: Neighbours): Promise<void> {
  const { name, bounded, inputs } = manifest;
  if (bounded) throw new CommandFailure(`${name} ends with its history, and would never count what comes: it can be compared and looked at, not promoted`);
  if (beginsLater(manifest)) throw new CommandFailure(`${name} does not begin at the beginning: what came before would be gone from the live figures`);
  const offsets = await readOffsets(await neighbours.figures(manifest));
  const left = historyLeft(manifest, offsets);
  if (left > 0) throw new CommandFailure(`${name} has ${left} records of history to count: "tidewaiter replay run ${name}" goes on`);
  const behind = await neighbours.kafkaCall(recordsBehind(await neighbours.inspector(), inputs, offsets));
  if (isFarBehind(behind.ofPartitions)) throw new CommandFailure(`${name} is ${behind.all} records behind what has come since: let "tidewaiter replay run ${name} --follow" catch up, and keep it running until "tidewaiter replay follow" has taken over`);
}

export async function dropReplay(name: string, { by }: { readonly by: string }): Promise<void> {
  await withNamespaces(async (namespaces, neighbours) => {
    const manifest = namespaces.named(name);
    if (liveOf(namespaces.directory).name === name) throw new CommandFailure(`${name} is live: "tidewaiter replay undo" first`);
    await mustHaveNoWorkers(name, neighbours);
    await namespaces.tell({ kind: 'dropped', name, by, atMs: Date.now() });
    await (await neighbours.figures(manifest)).drop();
    print(`${name} is gone.`);
  });
}

export async function listReplays({ json }: { readonly json?: true }): Promise<void> {
  await withNamespaces(async ({ directory }, neighbours) => {
    const live = liveOf(directory).name;
    const own = { name: LIVE_NAMESPACE, live: live === LIVE_NAMESPACE, source: null, referenceSet: null, createdBy: null, createdAt: null, historyLeft: 0 };
    const rows = [own, ...(await Promise.all(Object.values(directory.namespaces).map(async (manifest) => {
      const { name, source, referenceSet, createdBy, createdAtMs } = manifest;
      const offsets = await readOffsets(await neighbours.figures(manifest));
      return { name, live: live === name, source, referenceSet, createdBy, createdAt: new Date(createdAtMs).toISOString(), historyLeft: historyLeft(manifest, offsets) };
    })))];
    if (json) { rows.forEach(printJson); return; }
    print(table(['namespace', '', 'from', 'reference set', 'begun by', 'on', 'history left'], rows.map((row) => [row.name, row.live ? 'live' : '', row.source ?? 'live services', row.referenceSet ?? '', row.createdBy ?? '', row.createdAt ?? '', row.historyLeft]), [6]));
    for (const { name, by, atMs, reason } of directory.liveChanges) print(`${new Date(atMs).toISOString()}  ${name} made live by ${by}: ${reason}`);
  });
}
