/**
 * Other reference data for the records that a namespace has not counted yet. The order of effects: nobody counts → every
 * partition is claimed under what the namespace is made of from now on, so that a worker that slept can do nothing any
 * more → the change, with the offsets where they stood, goes to the log. Cut off before that, it is done once more.
 */
import { randomUUID } from 'node:crypto';
import type { Cubes } from '../domain/cubes';
import type { NamespaceManifest, ReferenceChange } from '../domain/namespace-directory';
import { parsePosition } from '../domain/position';
import { documentName, type ReferenceDocument } from '../reference/documents';
import type { Profile } from '../reference/types';
import type { Config } from '../shell/config';
import type { LedgerStore } from '../shell/figure-store';
import type { LogInspector } from '../shell/ports';
import { madeOf } from './made-of';
import { referenceOf } from './replay-manifest';

export interface RefreshPorts {
  readonly store: LedgerStore;
  readonly inspector: Pick<LogInspector, 'members'>;
  readonly config: Config;
  readonly profile: Profile;
  readonly cubes: Cubes;
}
export interface RefreshRequest { readonly documents: readonly ReferenceDocument[]; readonly by: string; readonly nowMs: number }

/** Undefined: it decides by these documents already. Text: why it cannot be done now. */
export async function refresh(manifest: NamespaceManifest, { documents, by, nowMs }: RefreshRequest, ports: RefreshPorts): Promise<ReferenceChange | string | undefined> {
  const { config, profile, cubes, store, inspector } = ports;
  const reference = referenceOf(documents, manifest.ownDocuments as readonly ReferenceDocument[], profile);
  if (reference.digest === (manifest.changes?.at(-1) ?? manifest).referenceSet) return undefined;
  if ((await inspector.members('aggregate', manifest.name)) > 0) return `workers are counting into ${manifest.name}: stop them first, everywhere`;
  const change = { documents: documents.map(documentName), referenceSet: reference.digest, by, atMs: nowMs };
  const text = madeOf({ ...manifest, changes: [...(manifest.changes ?? []), { ...change, from: {} }] }, config, profile, cubes);
  const from: Record<string, number> = {};
  for (const topic of manifest.inputs) {
    for (let partition = 0; partition < config.TIDEWAITER_PARTITIONS; partition++) {
      const place = `${topic}/${partition}`;
      const stands = parsePosition(await store.claimAnew({ topic, partition }, randomUUID(), text))?.next ?? 0;
      from[place] = Math.max(stands, manifest.historyUntil[place] ?? 0);
    }
  }
  return { ...change, from };
}
