/**
 * Reference data that changes under way: no record is decided with a set that the group's commit did not name
 * before, and what a crash repeats is decided as it was. The stage on its shell, in memory.
 */
import type { DocumentOf, ReferenceDocument } from '../../services/reference/documents';
import { limits } from '../../services/limits';
import { readCatalogue } from '../../services/shell/definition-files';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { outgoingDocument } from '../../services/shell/reference-records';
import { congo } from '../support/declarations';
import { input, StageWorld } from '../support/stage-world';
import { pause, until } from '../support/until';

const builtIn = readCatalogue(congo);
const pack = builtIn.documents().find(({ document }) => document.kind === 'pack')?.document as DocumentOf<'pack'>;
const second = { ...pack, version: '2.0.0' };
const [oldSet, newSet] = ((): [string, string] => {
  const catalogue = readCatalogue(congo);
  const before = catalogue.latest.digest;
  catalogue.add(second);
  return [before, catalogue.latest.digest];
})();

interface Standardized { readonly definitions: string; readonly referenceSet: string; readonly accepted: { readonly declarationId: string } }

class World extends StageWorld {
  async load(document: ReferenceDocument): Promise<void> {
    await (await new MemoryLog(this.broker).sink()).send([await outgoingDocument(document, this.registry)]);
  }

  /** Whatever bytes: as a defective program would write them. */
  async loadBytes(value: Buffer): Promise<void> {
    await (await new MemoryLog(this.broker).sink()).send([{ topic: 'customs.reference.v1', partition: 0, key: 'x', value }]);
  }

  committedSet(): string | undefined {
    const position = this.committed();
    return position && (JSON.parse(position.metadata) as { set: string }).set;
  }
  committedOffset(): number { return this.committed()?.offset ?? 0; }

  async decisions(): Promise<{ id: string; definitions: string; set: string }[]> {
    return (await this.standardized<Standardized>()).map(({ accepted: { declarationId }, definitions, referenceSet }) => ({ id: declarationId, definitions, set: referenceSet }));
  }
}

let world: World;
beforeEach(async () => { world = await new World().opened(); });
/** A clock that was put forward goes back when nothing runs by it any more. */
afterEach(async () => { await world.close(); jest.restoreAllMocks(); });

test('a version loaded under way applies from a committed position on, and to nothing before it', async () => {
  await world.start();
  await world.declare(10);
  await until('the first ten', async () => (await world.decisions()).length === 10);
  await world.load(second);
  await until('the new set is committed', () => world.committedSet() === newSet);
  expect(world.committedOffset()).toBe(10);
  await world.declare(10);
  await until('all twenty', async () => (await world.decisions()).length === 20);
  const results = await world.decisions();
  expect(results.slice(0, 10).every(({ definitions, set }) => definitions === 'imts2010@1.0.0' && set === oldSet)).toBe(true);
  expect(results.slice(10).every(({ definitions, set }) => definitions === 'imts2010@2.0.0' && set === newSet)).toBe(true);
});

test('loaded before the start, it applies from the first record on', async () => {
  await world.load(second);
  await world.declare(5);
  await world.start();
  await until('all five', async () => (await world.decisions()).length === 5);
  expect((await world.decisions()).every(({ set }) => set === newSet)).toBe(true);
});

test('after a crash, what may be a repeat is decided with the set of the last commit; the new set follows behind it', async () => {
  const first = await world.start();
  await world.declare(10);
  await until('the first ten', async () => (await world.decisions()).length === 10);
  await first.service.stop();
  /** As if it had crashed after four records were committed and ten were sent. */
  world.broker.group('standardize').setCommitted({ topic: input, partition: 0, offset: 4, metadata: JSON.stringify({ set: oldSet, holes: 0 }) });
  await world.load(second);
  await world.start();
  await until('the new set is committed', () => world.committedSet() === newSet);
  await world.declare(5);
  await until('repeats and the rest', async () => (await world.decisions()).length === 21);
  const results = (await world.decisions()).slice(10);
  expect(results.map(({ id, set }) => [id, set])).toEqual([...[4, 5, 6, 7, 8, 9].map((number) => [`D${number}`, oldSet]), ...[10, 11, 12, 13, 14].map((number) => [`D${number}`, newSet])]);
});

test('until the group has taken the position with the new name, nothing is decided; not with the old set either', async () => {
  const first = await world.start();
  await world.declare(1);
  await until('the first', async () => (await world.decisions()).length === 1 && world.committedOffset() === 1);
  const group = world.broker.group('standardize');
  const commit = group.commit.bind(group);
  group.commit = (member, positions) => {
    if (positions.some(({ metadata }) => metadata.includes(newSet))) throw new Error('the group is rebalancing');
    commit(member, positions);
  };
  await world.load(second);
  await pause(300);
  await world.declare(20);
  await pause(300);
  expect((await world.decisions()).map(({ set }) => set)).toEqual([oldSet]);
  group.commit = commit;
  await until('all of them', async () => (await world.decisions()).length === 21);
  expect((await world.decisions()).slice(1).every(({ set }) => set === newSet)).toBe(true);
  await first.service.stop();
});

test('a commit whose answer is lost: what follows is decided with the set that the group knows', async () => {
  await world.start();
  await world.declare(1);
  await until('the first', async () => (await world.decisions()).length === 1 && world.committedOffset() === 1);
  const group = world.broker.group('standardize');
  const commit = group.commit.bind(group);
  let lost = 0;
  group.commit = (member, positions) => {
    commit(member, positions);
    if (positions.some(({ metadata }) => metadata.includes(newSet)) && ++lost <= 2) throw new Error('the answer is lost');
  };
  await world.load(second);
  await until('the answer is lost', () => lost > 0);
  await world.declare(5);
  await until('all of them', async () => (await world.decisions()).length === 6);
  expect((await world.decisions()).map(({ set }) => set)).toEqual([oldSet, ...Array<string>(5).fill(newSet)]);
});

test('a member that slept longer than its session sends nothing before the group has let it: others may decide by newer data', async () => {
  await world.start();
  await world.declare(1);
  await until('the first', async () => (await world.decisions()).length === 1 && world.committedOffset() === 1);
  const group = world.broker.group('standardize');
  const commit = group.commit.bind(group);
  group.commit = () => { throw new Error('the coordinator is not aware of this member'); };
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + limits.sessionTimeoutMs);
  await world.declare(5);
  await pause(300);
  expect(await world.decisions()).toHaveLength(1);
  group.commit = commit;
  await until('all of them', async () => (await world.decisions()).length === 6);
});

test('a commit that names no set is completed before anything is decided', async () => {
  world.broker.group('standardize').setCommitted({ topic: input, partition: 0, offset: 0, metadata: '{}' });
  await world.start();
  await until('the set is named', () => world.committedSet() === oldSet);
  await world.declare(2);
  await until('both', async () => (await world.decisions()).length === 2);
});

test('a corrupt document changes nothing, and the next good one is taken', async () => {
  await world.start();
  await world.load({ ...second, version: '1.5.0', procedures: [] });
  await world.loadBytes(Buffer.from('no Avro'));
  await world.declare(3);
  await until('three', async () => (await world.decisions()).length === 3);
  expect((await world.decisions()).every(({ set }) => set === oldSet)).toBe(true);
  await world.load(second);
  await until('the new set is committed', () => world.committedSet() === newSet);
});
