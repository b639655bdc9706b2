/** Definitions and lists loaded while the stages that decide by them are killed: also between a send and its commit. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../services/generate/random';
import { readCatalogue, readProfile } from '../../services/shell/definition-files';
import type { StageName } from '../../services/topology';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';
import type { Fault } from './fault';

const KILLS = 4;
const deciding: readonly StageName[] = ['standardize', 'enrich'];

/** The built-in pack under a new version, and a list that finds nothing: figures stay, and the name of the set that decided is another one. */
function documents(system: RunningSystem): readonly (readonly [string, string])[] {
  const number = Date.now();
  const pack = readCatalogue(readProfile(system.config.TIDEWAITER_PROFILE)).documents().map(({ document }) => document).find(({ kind }) => kind === 'pack');
  const list = {
    kind: 'watchlist', id: 'FAULTS', version: `2026.${number}`, validFrom: null, validTo: null, source: 'a campaign of faults',
    rows: [{ rowId: 'F-1', substance: 'unobtainium dioxide', synonyms: [], cas: [], hs: [], mixtureHs: [], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'confirmed' }],
  };
  return ([['pack', { ...pack, version: `2.${number}` }], ['list', list]] as const).map(([kind, document]) => {
    const file = join(system.home, `${kind}-${number}.json`);
    writeFileSync(file, JSON.stringify(document));
    return [kind, file] as const;
  });
}

async function killSome(system: RunningSystem, random: Random, loaded: Promise<unknown>): Promise<void> {
  let done = false;
  void loaded.finally(() => { done = true; });
  for (let kill = 0; kill < KILLS && !done; kill++) {
    await pause(random.next() * 1_500);
    const stage = random.pick(deciding);
    await until(`${stage} runs`, () => typeof system.status().services.find(({ name }) => name === stage)?.pid === 'number', 30_000);
    process.kill(system.pidOf(stage), 'SIGKILL');
  }
}

export const referenceFaults: Readonly<Record<string, Fault>> = {
  'definitions-loaded': { act: async ({ system, random, strike }) => {
    await strike();
    for (const [kind, file] of documents(system)) {
      const loading = system.begin('reference', 'load', kind, file);
      await killSome(system, random, loading);
      if ((await loading) !== 0) throw new Error(`the ${kind} was not loaded`);
    }
  } },
};
