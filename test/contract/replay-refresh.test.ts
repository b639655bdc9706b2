/**
 * Reference data that is loaded after a replay began reaches what comes behind it, from the offset on at which nobody
 * counted, and no worker that does not know of it counts any more.
 */
import { readCatalogue, readCubes, readProfile } from '../../services/shell/definition-files';
import type { NamespaceManifest } from '../../services/domain/namespace-directory';
import type { ReferenceDocument } from '../../services/reference/documents';
import { refresh } from '../../services/replay/refresh';
import { referencesAgain } from '../../services/replay/namespace-reference';
import { outgoingDocument } from '../../services/shell/reference-records';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { ReplayWorld, replayConfig } from '../support/replay-world';
import { pause, until } from '../support/until';

const accepted = 'customs.declarations.accepted.v1';
const profile = readProfile('CD');
const builtIn = readCatalogue(profile).documents().map(({ document }) => document);
const pack = builtIn.find(({ kind }) => kind === 'pack') as ReferenceDocument & { residualChapters: string[] };
const newPack = { ...pack, version: '9.0.0', residualChapters: [...pack.residualChapters, '87', '10', '85'] } as unknown as ReferenceDocument;
jest.setTimeout(60_000);

let world: ReplayWorld;
beforeAll(async () => { world = await ReplayWorld.start('refresh', 700); });
afterAll(() => world.stop());

const catalogue = (): ReturnType<typeof readCatalogue> => {
  const all = readCatalogue(profile);
  all.add(newPack);
  return all;
};
const named = async (name: string): Promise<NamespaceManifest> => ({ ...(await world.manifest(name, accepted)), documents: builtIn.map(({ id, version }) => `${id}@${version}`) });

async function refreshed(manifest: NamespaceManifest): Promise<NamespaceManifest> {
  const { neighbours } = world.system;
  const inspector = await neighbours.log().inspector();
  const change = await refresh(manifest, { documents: [...builtIn, newPack], by: 'N. Mbala', nowMs: 1 }, { store: neighbours.ledger(manifest), inspector, config: replayConfig, profile, cubes: readCubes() });
  await inspector.close();
  if (typeof change !== 'object') throw new Error(change ?? 'nothing changed');
  return { ...manifest, changes: [change] };
}

function work(manifest: NamespaceManifest, state?: StateReporter): Promise<RunningService> {
  const found = referencesAgain(manifest, catalogue(), profile);
  if ('why' in found) throw new Error(found.why);
  return world.worker(manifest, state, found.references);
}

test('what comes behind the offsets where it stood is decided by what was loaded, as the live stages do', async () => {
  const [stays, follows] = [await named('stays'), await named('follows')];
  const [staying, first] = [await work(stays), await work(follows)];
  await until('history is counted', async () => (await world.counted(stays)) && (await world.counted(follows)));
  await expect(refreshed(follows)).rejects.toThrow('workers are counting into follows: stop them first');
  await first.stop();

  const { neighbours } = world.system;
  const sink = await neighbours.log().sink();
  await sink.send([await outgoingDocument(newPack, neighbours.registry())]);
  await pause(500);
  await world.feed('refresh-later', 500);
  const changed = await refreshed(follows);
  const state = new StateReporter(world.system.home, 'aggregate');
  const late = await work(follows, state);
  await until('a worker that does not know of it counts nothing', async () => Object.values(state.stoppedPartitions).some((reason) => reason.includes('made of something else')));
  await late.stop();
  const second = await work(changed);
  const ends = (await world.manifest('ends', accepted)).historyUntil;
  for (const namespace of [stays, changed]) await until('all is counted', async () => { const at = await world.offsets(namespace); return Object.entries(ends).every(([place, end]) => (at[place] ?? 0) >= end); });
  await Promise.all([staying.stop(), second.stop()]);

  const live = world.figures('live');
  expect(world.figures('follows')).toEqual(live);
  expect(world.figures('stays')).not.toEqual(live);
});

test('nothing is done where it decides by the documents already', async () => {
  const manifest = await named('same');
  const { neighbours } = world.system;
  const inspector = await neighbours.log().inspector();
  expect(await refresh(manifest, { documents: builtIn, by: 'N. Mbala', nowMs: 1 }, { store: neighbours.ledger(manifest), inspector, config: replayConfig, profile, cubes: readCubes() })).toBeUndefined();
  await inspector.close();
});
