/** `replay screen`: what a replay's lists find in its history, and nobody was told yet, becomes alerts, marked as found in look-back. */
import { alertList } from '../../alerts/alert-list';
import { historyInspector } from '../../replay/history/history-log';
import { archivedHistory, schemasOfHistory } from '../../replay/history/manifest-history';
import { referencesAgain } from '../../replay/namespace-reference';
import { pastDeclarations } from '../../replay/past-declarations';
import { sourceReader } from '../../replay/fused/source-reader';
import type { ReferenceSet } from '../../reference/types';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { CommandFailure } from '../failure';
import { loadedCatalogue } from '../loaded-reference';
import { withNeighbours } from '../neighbours';
import { printJson } from '../output';
import { screenPast } from '../screen';
import { Namespaces } from './namespaces';

export interface ScreenOptions { readonly since?: (timeZone: string) => number; readonly json?: true }

export async function screenReplay(name: string, { since, json }: ScreenOptions): Promise<void> {
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  await withNeighbours(config, async (neighbours) => {
    const manifest = (await Namespaces.open(neighbours)).named(name);
    const found = referencesAgain(manifest, await loadedCatalogue(neighbours, profile), profile);
    if ('why' in found) throw new CommandFailure(found.why);
    const reader = sourceReader(manifest, found.references, { config, profile, registry: await schemasOfHistory(manifest.archive, await neighbours.registry()), logger: neighbours.logger });
    const inspector = historyInspector(await neighbours.inspector(), { archive: archivedHistory(manifest.archive), until: manifest.bounded ? manifest.historyUntil : undefined });
    const alerts = await screenPast(neighbours, found.references.at(-1) as ReferenceSet, since?.(profile.timeZone) ?? 0, undefined, pastDeclarations(manifest, inspector, reader));
    if (json) alertList(alerts).forEach(printJson);
  });
}
