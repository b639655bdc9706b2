/** Ledger entries behind the horizon are let go, and what would then be counted twice is refused, kept and balanced: all services, in memory. */
import { InMemorySystem } from '../../services/local/in-memory-system';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic } from '../../services/topology';
import { raw, time } from '../support/declarations';
import { until } from '../support/until';
import { countedTopic } from '../../services/topology';

const target = { topic: countedTopic, partition: 0 } as const;

test('an amendment from behind the horizon is refused once its entry is gone; with its entry it would have been counted', async () => {
  const system = await InMemorySystem.start(readConfig({ TIDEWAITER_LEDGER_HORIZON_DAYS: '30', TIDEWAITER_LEDGER_BUCKETS: '16', TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD' }));
  try {
    const { neighbours } = system;
    const [sink, reader, ledger] = [await neighbours.log().sink(), neighbours.figures(), neighbours.ledger()];
    const encoder = new Encoder(await ownSchemaId(neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
    const send = async (declaration: ReturnType<typeof raw>): Promise<void> => {
      await sink.send([{ topic: rawTopic, partition: 0, key: declaration.declarationId, value: encoder.encode(declaration) }]);
      await system.drained();
    };
    const [january, march] = [time('2026-01-10T08:00:00Z'), time('2026-03-15T08:00:00Z')];
    await send(raw({ declarationId: 'OLD', eventId: 'OLD/1', occurredAt: january, acceptedAt: january }));
    await send(raw({ declarationId: 'NEW', eventId: 'NEW/1', occurredAt: march, acceptedAt: march }));
    await until('the old entry is gone', async () => (await ledger.readLedger(target, ['OLD'])).entries[0] === null, 20_000);
    expect((await ledger.readLedger(target, ['NEW'])).entries[0]).not.toBeNull();
    await send(raw({ declarationId: 'OLD', eventId: 'OLD/2', version: 2, occurredAt: march, acceptedAt: january }));
    const answer = await reader.readFigures(['books', 'revenue/office-taxType-chapter/month/2026-01'], 1_000);
    if (!('hashes' in answer)) throw new Error('no figures');
    const [books, revenue] = answer.hashes.map(({ fields }) => Object.fromEntries(fields));
    expect(books).toEqual({ counted: '2', refused: '1', 'refused:E-LEDGER-HORIZON': '1' });
    expect(revenue).toMatchObject({ 'KIN01|CUD|87:lines': '1', 'KIN01|CUD|87:assessed': '125000' });
    const kept: string[] = [];
    await (await neighbours.log().inspector()).readAll('customs.declarations.rejected.v1', (_partition, { key }) => { kept.push(String(key)); });
    expect(kept).toEqual(['aggregate-0-2']);
  } finally {
    await system.stop();
  }
}, 60_000);
