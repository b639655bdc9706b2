/**
 * Guards of the exactly-once promise, each with the patch that takes it out. Where two guards cover each other, so that
 * the figures stay right without one of them, the entry with both stands beside it.
 */
import type { Patch } from './mutant';

export interface Guard { readonly name: string; readonly patches: readonly Patch[] }

const store = 'services/shell/memory/memory-ledger-store.ts';
const stageLoop = 'services/shell/run-stage.ts';
const counter = 'services/shell/count-partition.ts';
const entries = 'services/shell/ledger-entries.ts';
const progress = 'services/shell/stage-progress.ts';
const publisher = 'services/publish/publisher.ts';
const readBack = 'services/publish/read-back.ts';

const token: Patch = { file: store, from: "if (owner !== token) return 'fenced';\n    const position", to: 'const position' };
const elsewhere: Patch = { file: store, from: "return position === '' ? 'lost' : 'moved';", to: '' };
const already: Patch = { file: store, from: "if (position === next) return 'already';", to: '' };
const ledgerStands: Patch = { file: entries, from: 'if (!owner.standsAt(position)) return undefined;', to: '' };
const reconciled: Patch = { file: publisher, from: "await reconcile({ reader, context, closedMonths, copy: this.copy, publish: (key, units) => this.pending.add(key, units.join(','), 0, 0), withdraw: (key) => this.writer.withdraw(key), betweenHashes: () => this.whileLeading() });", to: 'void [reader, context, closedMonths, reconcile];' };
const acknowledgedLast: readonly Patch[] = [
  { file: publisher, from: 'const published = await this.writer.publish(due);\n      if (published > 0) this.positionsDirty = true;\n      cells += published;\n', to: '' },
  { file: publisher, from: 'await this.runtime.reader.acknowledgeChanges(shard, id);\n', to: 'await this.runtime.reader.acknowledgeChanges(shard, id);\n      if ((await this.writer.publish(due)) > 0) this.positionsDirty = true;\n' },
];
const order = { file: 'services/aggregate/decide.ts', equal: 'if (order === 0) return', older: 'if (order < 0) return' } as const;

export const guards: readonly Guard[] = [
  { name: 'apply compares the token', patches: [token] },
  { name: 'apply compares the position', patches: [elsewhere, already] },
  { name: 'apply compares the position, but for what it sets itself', patches: [elsewhere] },
  { name: 'apply compares token and position', patches: [token, elsewhere, already] },
  { name: 'what an earlier try did is recognised', patches: [already] },
  { name: 'the ledger is read where the owner stands', patches: [ledgerStands] },
  { name: 'ledger and apply compare the position', patches: [ledgerStands, elsewhere] },
  { name: 'the ledger knows a version again', patches: [{ file: order.file, from: order.equal, to: 'if (order === Infinity) return' }] },
  { name: 'the ledger knows an older version', patches: [{ file: order.file, from: order.older, to: 'if (order === -Infinity) return' }] },
  { name: 'the overlay ends with the ledger read', patches: [
    { file: entries, from: 'constructor(private readonly facts: Type) {}', to: 'private readonly overlay = new Map<string, Buffer>();\n\n  constructor(private readonly facts: Type) {}' },
    { file: entries, from: 'const found = new Map<string, Buffer>();', to: 'const found = this.overlay;' },
    { file: entries, from: 'if (entry) found.set', to: 'if (entry && !found.has(declarationIds[index] as string)) found.set' },
  ] },
  { name: 'the overlay takes what was applied alone', patches: [
    { file: counter, from: 'const outcome = await this.apply(open.piece, next);\n', to: 'const outcome = await this.apply(open.piece, next);\n    for (const [id, entry] of open.piece.entries) this.known.set(id, entry);\n' },
  ] },
  { name: 'the index of days gets what is new', patches: [{ file: store, from: 'indexes.set(part, Buffer.concat([indexes.get(part) ?? Buffer.alloc(0), packIndex(ids, this.buckets)]));', to: 'if (!indexes.has(part)) indexes.set(part, packIndex(ids, this.buckets));' }] },
  { name: 'an amendment is indexed anew', patches: [{ file: 'services/aggregate/piece.ts', from: 'for (const day of addedDays(facts, before, this.calendar)) {', to: 'for (const day of before ? [] : addedDays(facts, before, this.calendar)) {' }] },
  { name: 'crash repeats enter no book', patches: [{ file: 'services/aggregate/piece.ts', from: 'if (highest !== undefined && origin.offset <= highest) return false;', to: 'void highest;' }] },
  { name: 'sent before it is committed', patches: [{ file: stageLoop, from: 'await this.sink.send(outgoing);\n    for (const batch of owned) if (batch.generation === this.queue.generation) this.mark(batch);', to: 'for (const batch of owned) if (batch.generation === this.queue.generation) this.mark(batch);\n    await this.commitIfDue(true, true);\n    await this.sink.send(outgoing);' }] },
  { name: 'a stage drops what the one before repeats', patches: [{ file: progress, from: 'if (offset <= (decided[partition] ?? -1)) return true;', to: '' }] },
  { name: 'no other reference set among repeats', patches: [{ file: stageLoop, from: 'progress.offset >= progress.repeatsUntil ? latest : progress.stage', to: 'latest' }] },
  { name: 'decided by what the commit names', patches: [{ file: stageLoop, from: '(set === undefined ? undefined : named.get(set)) ?? this.versions.latest()', to: 'this.versions.latest()' }] },
  { name: 'what has another owner is not decided', patches: [{ file: stageLoop, from: 'batch.generation === this.queue.generation && this.isOfSameLog(batch)', to: 'this.isOfSameLog(batch)' }] },
  { name: 'acknowledged after it is published', patches: acknowledgedLast },
  { name: 'the topics are reconciled with the store', patches: [reconciled] },
  { name: 'acknowledged last, and reconciled', patches: [...acknowledgedLast, reconciled] },
  { name: 'what comes late is published anew', patches: [{ file: readBack, from: 'if (!this.copy.readBack(key, revision)) this.foreign.add(key);', to: 'this.copy.readBack(key, revision);' }] },
  { name: "another writer's records are published anew", patches: [{ file: readBack, from: "if (found.kind === 'CELL') this.foreign.add(name);", to: '' }] },
  { name: 'nothing is published while catching up', patches: [{ file: publisher, from: 'if (!snapshot.complete || behind(snapshot.offsets, this.copy.positions)) {', to: 'if (snapshot.complete && behind({}, {})) {' }] },
  { name: 'the change list is read from its start again', patches: [{ file: publisher, from: 'if (first) this.lastEntry.delete(shard);', to: 'void first;' }] },
];

/** @throws when there is none of that name. */
export function guardNamed(name: string): Guard {
  const guard = guards.find((each) => each.name === name);
  if (!guard) throw new Error(`there is no guard '${name}'; these can be taken out:\n${guards.map((each) => `  ${each.name}`).join('\n')}`);
  return guard;
}
