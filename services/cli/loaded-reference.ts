/** The reference data of the installation as a command sees it: what is built in, and what the topic holds. */
import { limits } from '../limits';
import type { ReferenceDocument } from '../reference/documents';
import type { ReferenceCatalogue } from '../reference/catalogue';
import { compareVersions } from '../reference/versions';
import type { Profile } from '../reference/types';
import { readCatalogue } from '../shell/definition-files';
import { readCommitNote } from '../shell/policy/commit-note';
import type { LogInspector } from '../shell/ports';
import { isNamespaceKind } from '../shell/namespace-events';
import { documentOf, referenceDecoder } from '../shell/reference-records';
import { delay, monotonicMs } from '../shell/waiting';
import { flow, referenceTopic, type UpstreamStageName } from '../topology';
import type { Neighbours } from './neighbours';
import { say } from './output';
import { readValues } from './topic-records';

/** Stages whose decisions need reference data. */
const deciding: readonly UpstreamStageName[] = ['standardize', 'enrich'];

/** Says what was refused; the stages refuse the same. */
export async function loadedCatalogue(neighbours: Neighbours, profile: Profile): Promise<ReferenceCatalogue> {
  const catalogue = readCatalogue(profile);
  const values = await readValues(neighbours, referenceTopic);
  if (values.length === 0) return catalogue;
  const decoder = referenceDecoder(await neighbours.registry());
  await neighbours.registryCall(decoder.prepare(values, monotonicMs()));
  for (const value of values) {
    const decoded = decoder.decode(value);
    if ('failure' in decoded) { say(`a record of ${referenceTopic} cannot be read: ${decoded.detail}`); continue; }
    if (isNamespaceKind(decoded.value.kind)) continue;
    const addition = catalogue.add(documentOf(decoded.value));
    if (addition.outcome === 'refused') say(`not in force: ${addition.reason}`);
  }
  return catalogue;
}

export const highestOf = (documents: readonly ReferenceDocument[], id: string): ReferenceDocument | undefined =>
  documents.filter((document) => document.id === id).sort((a, b) => compareVersions(a.version, b.version)).at(-1);

/** A version behind all those of an id: the last number of the highest one and one more. */
export function nextVersion(documents: readonly ReferenceDocument[], id: string): string {
  const highest = highestOf(documents, id)?.version;
  if (highest === undefined) return '1';
  const parts = highest.split('.');
  const last = parts.at(-1) as string;
  return /^\d{1,15}$/.test(last) ? [...parts.slice(0, -1), String(Number(last) + 1)].join('.') : `${highest}.1`;
}

/** Stages that run and do not yet decide with the set. */
async function waitingStages(inspector: LogInspector, digest: string): Promise<UpstreamStageName[]> {
  const waiting: UpstreamStageName[] = [];
  for (const { name, input } of flow.filter((stage) => deciding.includes(stage.name))) {
    if ((await inspector.members(name)) === 0) continue;
    const sets = new Map((await inspector.committed(name, input)).map(({ partition, metadata }) => [partition, readCommitNote(metadata).set]));
    const partitions = await inspector.offsets(input);
    if (partitions.some(({ partition }) => sets.get(partition) !== digest)) waiting.push(name);
  }
  return waiting;
}

/** Waits until every running stage has the set in force; answers those that had it not when time was over. */
export async function untilInForce(neighbours: Neighbours, digest: string, seconds: number): Promise<readonly UpstreamStageName[]> {
  const inspector = await neighbours.inspector();
  const endMs = monotonicMs() + seconds * 1_000;
  let said = '';
  for (;;) {
    const waiting = await neighbours.kafkaCall(waitingStages(inspector, digest));
    if (waiting.length === 0 || monotonicMs() >= endMs) return waiting;
    const line = `waiting for ${waiting.join(' and ')} …`;
    if (line !== said) say((said = line));
    await delay(limits.commandLookMs);
  }
}
