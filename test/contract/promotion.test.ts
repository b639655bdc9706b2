/** Other figures go live: subscribers of the topics get what changed between two markers, readers change over at once, and back. */
import { liveOf, noNamespaces, withEvent, type NamespaceDirectory, type NamespaceEvent, type NamespaceManifest } from '../../services/domain/namespace-directory';
import { formatPosition } from '../../services/domain/position';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { LiveNamespace } from '../../services/shell/live-namespace';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { outgoingEvent, readDirectory } from '../../services/shell/namespace-events';
import { incrementsOf } from '../support/increments';
import { PublishingWorld, revenueCell, revenueHash, revenueTopic } from '../support/publishing-world';
import { until } from '../support/until';

const manifest: NamespaceManifest = {
  name: 'duty', source: 'customs.declarations.accepted.v1', inputs: ['customs.declarations.accepted.v1', 'customs.declarations.rejected.v1'],
  documents: [], ownDocuments: [], referenceSet: '', historyUntil: {}, createdBy: 'N. Mbala', createdAtMs: 1,
};
const promoted = (name: string, atMs: number): NamespaceEvent => ({ kind: 'promoted', name, by: 'N. Mbala', atMs, reason: 'duty of 2026' });
const type = avroType(topicSchema(revenueTopic));
jest.setTimeout(30_000);

describe('a promotion', () => {
  const world = new PublishingWorld();
  let known: NamespaceDirectory = noNamespaces;
  beforeAll(() => world.open());
  afterAll(() => world.close());

  async function tell(event: NamespaceEvent): Promise<void> {
    const sink = await new MemoryLog(world.broker).sink();
    const [acknowledged] = await sink.send([await outgoingEvent(event, world.registry)]);
    known = withEvent(known, event, acknowledged?.baseOffset ?? 0);
    await world.store.directory().write(known);
    await sink.close();
  }

  /** The replayed namespace: the same cell with another amount, and one that live does not have. */
  async function count(): Promise<void> {
    const ledger = world.store.ledger(manifest);
    for (const topic of manifest.inputs) {
      const target = { topic, partition: 0 };
      await ledger.claim(target, 'me', '{"made":"of that"}');
      const increments = incrementsOf(topic === manifest.source ? [[revenueHash, [[`${revenueCell}:assessed`, 70], ['KIN02|CUD|87:assessed', 5]]]] : []);
      await ledger.apply(target, 'me', '', formatPosition({ next: topic === manifest.source ? 9 : 0, marks: {}, streamTimeMs: world.streamTimeMs, target: 0, last: '' }), { increments, entries: new Map(), index: new Map(), changed: '' });
    }
  }

  /** Kinds and generations in the order of the log; of cells what is assessed of the one that changes. */
  function told(): string[] {
    const log = world.broker.partition({ topic: revenueTopic, partition: 0 });
    return (log.fetch(log.start, Infinity)?.records ?? []).flatMap(({ key, value }) => {
      const name = String(key);
      if (value === null) return name.startsWith(revenueHash) ? [`withdrawn ${name.slice(revenueHash.length + 1)}`] : [];
      const { kind, generation, assessed } = type.fromBuffer(value.subarray(FRAME_BYTES)) as { kind: string; generation: number; assessed: bigint };
      if (kind === 'POSITIONS' || (kind === 'CELL' && !name.startsWith(revenueHash))) return [];
      return [kind === 'CELL' ? `${generation} ${name.slice(revenueHash.length + 1)} ${assessed / 100n}` : `${generation} ${kind}`];
    });
  }
  /** A figure is told once more when its month turns final. */
  const changes = (): string[] => told().filter((line, index, all) => all.indexOf(line) === index);

  test('changed cells come between the markers, cells that are gone are withdrawn, and an undo does the same the other way round', async () => {
    await count();
    await world.add(100);
    await world.publish();
    await world.told(100);
    await tell({ kind: 'created', manifest });
    await tell(promoted('duty', 2));
    await until('the change is over', () => told().includes('1 GENERATION_END'), 10_000);
    expect(changes()).toEqual([`0 ${revenueCell} 100`, '1 GENERATION_BEGIN', `1 ${revenueCell} 70`, '1 KIN02|CUD|87 5', '1 GENERATION_END']);
    await tell(promoted('live', 3));
    await until('it is undone', () => told().includes('2 GENERATION_END'), 10_000);
    expect(changes().slice(5)).toEqual(['2 GENERATION_BEGIN', '2 KIN02|CUD|87 0', 'withdrawn KIN02|CUD|87', `2 ${revenueCell} 100`, '2 GENERATION_END']);
  });

  test('a store that has lost its directory has it again from the log', async () => {
    world.store.figures.data.hashes.delete('{tw:directory}:namespaces');
    await until('it is there again', async () => (await world.store.directory().read())?.revision === known.revision, 10_000);
    expect(await readDirectory(await new MemoryLog(world.broker).inspector(), world.registry)).toEqual(known);
  });

  test('who asks what is live gets one namespace for the whole question', async () => {
    const namespace = new LiveNamespace(readConfig({ TIDEWAITER_PARTITIONS: '1' }), { figures: (place) => world.store.reader(place), closed: (place) => world.store.closed(place), directory: () => world.store.directory() });
    const assessed = async (): Promise<string | undefined> => {
      const { reader } = await namespace.current();
      const answer = await reader.readFigures([revenueHash], 100);
      return 'hashes' in answer ? answer.hashes[0]?.fields.get(`${revenueCell}:assessed`) : undefined;
    };
    expect(await assessed()).toBe('100');
    const { reader } = await namespace.current();
    await tell(promoted('duty', 4));
    expect(await assessed()).toBe('70');
    expect((await reader.readCells(0, [{ hash: revenueHash, fields: [`${revenueCell}:assessed`] }])).values).toEqual(['100']);
    expect(liveOf(known)).toMatchObject({ name: 'duty', generation: 3 });
    await namespace.close();
  });
});
