/** `replay refresh`: reference data that was loaded since decides what comes; and the same by itself for who follows. */
import type { NamespaceManifest } from '../../domain/namespace-directory';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import { refresh } from '../../replay/refresh';
import { readConfig, type Config } from '../../shell/config';
import { readCubes, readProfile } from '../../shell/definition-files';
import { CommandFailure } from '../failure';
import { loadedCatalogue } from '../loaded-reference';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print } from '../output';
import { Namespaces } from './namespaces';

export async function refreshReplay(name: string, { by }: { readonly by: string }): Promise<void> {
  const config = readConfig();
  await withNeighbours(config, async (neighbours) => {
    const namespaces = await Namespaces.open(neighbours);
    const manifest = namespaces.named(name);
    const catalogue = await loadedCatalogue(neighbours, readProfile(config.TIDEWAITER_PROFILE));
    const changed = await refreshed(manifest, catalogue, by, config, neighbours, namespaces);
    if (typeof changed === 'string') throw new CommandFailure(changed);
    print(changed ? `${name}: the reference data in force now decides what comes.` : `${name} decides by the reference data in force already.`);
  });
}

/** `catalogue`: what is in force now. The manifest with the change; undefined: there is none. Text: why it cannot be made now. */
export async function refreshed(manifest: NamespaceManifest, catalogue: ReferenceCatalogue, by: string, config: Config, neighbours: Neighbours, namespaces: Namespaces): Promise<NamespaceManifest | string | undefined> {
  const { name } = manifest;
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const documents = catalogue.documents().map(({ document }) => document);
  const change = await refresh(manifest, { documents, by, nowMs: Date.now() }, { store: await neighbours.ledger(manifest), inspector: await neighbours.inspector(), config, profile, cubes: readCubes() });
  if (change === undefined || typeof change === 'string') return change;
  await namespaces.tell({ kind: 'refreshed', name, change });
  return namespaces.named(name);
}
