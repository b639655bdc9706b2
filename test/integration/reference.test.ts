/**
 * A list that is loaded under traffic, on the real broker, registry and Redis: no declaration is screened with a
 * mixture of lists, the look-back finds everything that had passed before, and nothing is told twice.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType, Decoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import type { TopicName } from '../../services/topology';
import { onRealParts, RunningSystem } from '../support/running-system';

const suite = onRealParts ? describe : describe.skip;
jest.setTimeout(240_000);

const EVENTS = 24_000;
const RATE = 1_000;
const EVERY = 40;
const SUBSTANCE = 'testium dioxide';

interface EnrichedRecord { readonly standardized: { readonly accepted: { readonly declarationId: string; readonly version: number; readonly status: string } }; readonly referenceSet: string; readonly hits: readonly { readonly listId: string }[] }
interface Alert { readonly alertId: string; readonly declarationId: string; readonly version: number; readonly listId: string; readonly lookBack: boolean }

suite('a list loaded under traffic', () => {
  const system = new RunningSystem(6, { TIDEWAITER_PROFILE: 'CD', TIDEWAITER_REFUSAL_SHARE: '1' });
  const planted = new Map<string, number>();
  let sets: readonly [string, string];

  async function recordsOf<Value>(topic: TopicName): Promise<Value[]> {
    const log = system.log();
    const inspector = await log.inspector();
    const values: (Buffer | null)[] = [];
    await inspector.readAll(topic, (_partition, { value }) => { values.push(value); });
    await inspector.close();
    const decoder = new Decoder<Value>(avroType(topicSchema(topic)), connectRegistry(system.config));
    await decoder.prepare(values, Date.now());
    return values.map((value) => {
      const decoded = decoder.decode(value);
      if ('failure' in decoded) throw new Error(decoded.detail);
      return decoded.value;
    });
  }

  /** Generated declarations, every fortieth with the substance in its first item, in its highest version. */
  function plant(file: string): void {
    system.done('generate', '--count', String(EVENTS), '--seed', 'list', '--no-faults', '--out', file);
    const events = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { declarationId: string; version: number; status: string; items: { description: string | null; documents: unknown[] }[] });
    const chosen = new Set([...new Set(events.map(({ declarationId }) => declarationId))].filter((_, index) => index % EVERY === 0));
    for (const event of events) {
      if (!chosen.has(event.declarationId)) continue;
      for (const item of event.items.slice(0, 1)) { item.description = `drums of ${SUBSTANCE}`; item.documents = []; }
      if (event.version >= (planted.get(event.declarationId) ?? 0)) planted.set(event.declarationId, event.version);
    }
    const highest = new Map<string, { version: number; status: string }>();
    for (const event of events) if (chosen.has(event.declarationId) && event.version >= (highest.get(event.declarationId)?.version ?? 0)) highest.set(event.declarationId, event);
    for (const [id, { status }] of highest) if (status === 'CANCELLED') planted.delete(id);
    writeFileSync(file, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
  }

  const setName = (): string => (JSON.parse(system.done('reference', 'list', '--json')) as { referenceSet: string }).referenceSet;

  beforeAll(async () => {
    await system.start();
    const file = join(system.home, 'planted.ndjson');
    plant(file);
    const list = join(system.home, 'list.json');
    writeFileSync(list, JSON.stringify({
      kind: 'watchlist', id: 'TEST', version: '2026.1', validFrom: null, validTo: null, source: 'a test',
      rows: [{ rowId: 'T-1', substance: SUBSTANCE, synonyms: [], cas: [], hs: [], mixtureHs: [], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'confirmed' }],
    }));
    const before = setName();
    const feeding = system.begin('feed', file, '--format', 'ndjson', '--rate', String(RATE));
    /** Not after a while: how far it is by then depends on the machine. */
    await system.until('a quarter has been counted', () => system.status().books.counted > EVENTS / 4);
    system.done('reference', 'load', 'list', list);
    expect(await feeding).toBe(0);
    system.drain(180);
    sets = [before, setName()];
  });
  afterAll(() => system.stop());

  test('each record is screened with the old lists or with the new ones, and says with which', async () => {
    const records = await recordsOf<EnrichedRecord>('customs.declarations.enriched.v1');
    const bySet = new Map<string, { planted: number; found: number; records: number }>();
    for (const { standardized: { accepted }, referenceSet, hits } of records) {
      const counts = bySet.get(referenceSet) ?? { planted: 0, found: 0, records: 0 };
      bySet.set(referenceSet, counts);
      counts.records++;
      if (planted.has(accepted.declarationId) && accepted.status !== 'CANCELLED') counts.planted++;
      if (hits.some(({ listId }) => listId === 'TEST') && planted.has(accepted.declarationId)) counts.found++;
    }
    expect([...bySet.keys()].sort()).toEqual([...sets].sort());
    const [old, young] = sets.map((name) => bySet.get(name)) as [{ planted: number; found: number; records: number }, { planted: number; found: number; records: number }];
    expect(old.found).toBe(0);
    expect(young.found).toBe(young.planted);
    expect(Math.min(old.planted, young.planted)).toBeGreaterThan(20);
  });

  test('the look-back finds every declaration that had passed before, marked so; a second one finds nothing', async () => {
    const first = system.done('screen', '--since', '2026-01-01', '--lists', 'TEST', '--json').trim().split('\n').map((line) => JSON.parse(line) as Alert);
    expect(first.length).toBeGreaterThan(20);
    expect(first.every(({ lookBack, listId }) => lookBack && listId === 'TEST')).toBe(true);
    expect(system.done('screen', '--since', '2026-01-01', '--lists', 'TEST', '--json').trim()).toBe('');
    const alerts = (await recordsOf<Alert>('customs.alerts.precursors.v1')).filter(({ listId }) => listId === 'TEST');
    const [lookBack, atOnce] = [alerts.filter((alert) => alert.lookBack), new Set(alerts.filter((alert) => !alert.lookBack).map(({ declarationId }) => declarationId))];
    expect(lookBack.map(({ alertId }) => alertId).sort()).toEqual([...new Set(first.map(({ alertId }) => alertId))].sort());
    expect(lookBack.filter(({ declarationId }) => atOnce.has(declarationId))).toEqual([]);
    const told = new Set(alerts.map(({ declarationId }) => declarationId));
    expect([...planted.keys()].filter((id) => !told.has(id))).toEqual([]);
    expect(first.filter(({ declarationId, version }) => planted.get(declarationId) !== version)).toEqual([]);
  });

  test('figures do not know of it: hits count with the lists of their day', () => {
    expect(system.status()).toMatchObject({ books: { balanced: true }, drained: true });
  });
});
