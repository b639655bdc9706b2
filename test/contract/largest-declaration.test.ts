/** exactness §22: one declaration is never cut, so the largest that ingest lets through, with all its figures amended, has to fit one script. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { EnrichedEvent } from '../../services/aggregate/decide';
import { Piece } from '../../services/aggregate/piece';
import type { Payment, RawDeclaration } from '../../services/domain/declaration';
import { Calendar } from '../../services/domain/period';
import { initialPosition } from '../../services/domain/position';
import { limits } from '../../services/limits';
import { readCubes } from '../../services/shell/definition-files';
import { Keys } from '../../services/shell/redis/keys';
import { RedisLedgerStore } from '../../services/shell/redis/redis-ledger-store';
import { ScriptRunner } from '../../services/shell/redis/script-runner';
import { countedTopic } from '../../services/topology';
import { codesOf, congo, enriched, ingested, item, origin, payment, raw, tax, time } from '../support/declarations';
import { ledgerEntries, nothingKept } from '../support/kept-facts';
import { describeOnStack, requireStack } from '../support/test-stack';

jest.setTimeout(120_000);
/** Half of what Redis calls busy: from there on it answers others with an error, and after a write nobody can end the script. */
const MOST_SECONDS_OF_REDIS = 2.5;
const MOST_INCREMENTS = 250_000;
const MOST_ARGUMENT_BYTES = 32 * 1024 * 1024;
const DAY_MS = 86_400_000;
/** What tells cells apart: chapters, and as many origins. */
const CHAPTERS = 97;
const cubes = readCubes();
const calendar = new Calendar(congo.timeZone);

/** No two rows fall into the same cells: another chapter and origin for each item, and another instant for each payment. */
function spread(event: EnrichedEvent): EnrichedEvent {
  const items = event.standardized.items.map((each, index) => ({ ...each, hs6: `${String((index % CHAPTERS) + 1).padStart(2, '0')}0101`, origin: `O${index % CHAPTERS}` }));
  return { ...event, standardized: { ...event.standardized, items } };
}

const manyPayments = (shiftMs: number): Payment[] => {
  const count = Math.floor((limits.revenueRowsPerDeclaration - CHAPTERS) / CHAPTERS);
  return Array.from({ length: count }, (_, index) => payment({ paidAt: time('2026-11-01T00:00:00Z') - ((index * 27) % 13_000) * DAY_MS - shiftMs }));
};
const largest: Readonly<Record<string, (version: number) => RawDeclaration>> = {
  'items that share payments': (version) => raw({
    version, eventId: `D1/${version}`, items: Array.from({ length: CHAPTERS }, (_, index) => item({ itemNumber: index + 1 })), payments: manyPayments(version === 1 ? 0 : 12 * DAY_MS),
  }),
  'tax lines': (version) => raw({
    version, eventId: `D1/${version}`, acceptedAt: null, status: 'LODGED',
    items: Array.from({ length: Math.floor(limits.revenueRowsPerDeclaration / 99) }, (_, index) => item({ itemNumber: index + 1, taxes: Array.from({ length: 99 }, (_, line) => tax({ type: `${version}T${line}` })) })),
  }),
};

/** The piece that counts it first, and the one that amends every row of it. */
function pieces(make: (version: number) => RawDeclaration): [Piece, Piece] {
  const first = new Piece(cubes, calendar, () => 0, initialPosition(0, 0), nothingKept);
  first.add(accepted(make(1), 1), 1);
  const amended = new Piece(cubes, calendar, () => 0, initialPosition(0, 0), ledgerEntries.keptBy((id) => first.entries.get(id)));
  amended.add(accepted(make(2), 2), 2);
  return [first, amended];
}
/** Sent as lodged, which standardize asks little of, and counted as accepted, which moves every figure. */
function accepted(declaration: RawDeclaration, offset: number): EnrichedEvent {
  const event = spread(enriched(declaration, origin({ offset })));
  const { accepted: facts } = event.standardized;
  return { ...event, standardized: { ...event.standardized, accepted: { ...facts, status: 'ACCEPTED', acceptedAt: facts.occurredAt } } };
}

function argumentBytes(piece: Piece): number {
  let bytes = piece.changedText().length;
  piece.increments.each((hash, cell, measure, amount) => { bytes += hash.length + cell.length + measure.length + String(amount).length + 8; });
  return bytes;
}

test.each(Object.entries(largest))('the largest legal declaration by %s is a bounded script', (_name, make) => {
  expect(new Set(codesOf(ingested(make(1))))).toEqual(new Set());
  const [first, amended] = pieces(make);
  for (const piece of [first, amended]) {
    expect(piece.size).toBeLessThanOrEqual(MOST_INCREMENTS);
    expect(argumentBytes(piece)).toBeLessThanOrEqual(MOST_ARGUMENT_BYTES);
  }
});

describeOnStack('on Redis', () => {
  const target = { topic: countedTopic, partition: 0 } as const;

  test.each(Object.entries(largest))('the largest legal declaration by %s takes less than half of what Redis calls busy', async (_name, make) => {
    const keys = new Keys(`contract-${randomUUID().slice(0, 8)}`, 1);
    const runner = (): ScriptRunner => new ScriptRunner({ urls: [requireStack().redisUrl] }, pino({ level: 'silent' }));
    const [own, store] = [runner(), new RedisLedgerStore(runner(), keys, 4)];
    /** Its own time, not the clock's: others work on this machine. */
    const secondsOfRedis = async (): Promise<number> => [...(await own.redis.info('cpu')).matchAll(/used_cpu_(?:user|sys):([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
    try {
      await store.claim(target, 'A', 'manifest');
      let position = '';
      for (const piece of pieces(make)) {
        const before = await secondsOfRedis();
        const next = `${position}+`;
        expect(await store.apply(target, 'A', position, next, { increments: piece.increments, entries: new Map(), index: new Map(), changed: piece.changedText() })).toBe('applied');
        expect((await secondsOfRedis()) - before).toBeLessThan(MOST_SECONDS_OF_REDIS);
        position = next;
      }
    } finally {
      await own.redis.unlink(...(await own.redis.keys(`${keys.prefix(0)}*`)));
      await store.close();
      await own.close();
    }
  });
});
