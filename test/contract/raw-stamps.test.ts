/** exactness §17: future dates are judged by the broker's stamps, so nothing is taken from a raw topic that its senders stamp. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { allTopicSchemas, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { patiently } from '../../services/shell/waiting';
import { startIngest } from '../../services/ingest/start';
import { rawTopic, subjectOf } from '../../services/topology';
import { raw } from '../support/declarations';
import { pause, until } from '../support/until';

test('ingest waits, and says why, while the raw topic carries the clocks of its senders; put right, it goes on by itself', async () => {
  const broker = new MemoryBroker({ partitions: 1 });
  const registry = new MemoryRegistry();
  for (const { topic, text } of allTopicSchemas()) await registry.register(subjectOf(topic), text);
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const pseudonymKeyFile = join(home, 'pseudonym.key');
  writeFileSync(pseudonymKeyFile, 'a key for this test, and no other use', { mode: 0o600 });
  const state = new StateReporter(home, 'ingest');
  const unused = (): never => { throw new Error('ingest needs no store'); };
  broker.stampBySenders(rawTopic, true);
  const starting = startIngest({
    config: { ...readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_HOME: home }), pseudonymKeyFile }, logger: pino({ level: 'silent' }), state,
    neighbours: { log: () => new MemoryLog(broker), registry: () => registry, ledger: unused, figures: unused, closed: unused, directory: unused },
    untilReady: async <Answer>(neighbour: string, call: () => Promise<Answer>) => (await patiently(state.onTrouble, neighbour, call, () => false)) as Answer,
  });
  const sink = await new MemoryLog(broker).sink();
  const accepted = () => broker.partition({ topic: 'customs.declarations.accepted.v1', partition: 0 }).end;
  try {
    const encoder = new Encoder(await ownSchemaId(registry, rawTopic), avroType(topicSchema(rawTopic)));
    await sink.send([{ topic: rawTopic, partition: 0, key: 'D1', value: encoder.encode(raw({ occurredAt: Date.now() - 3_600_000 })) }]);
    await pause(300);
    expect(accepted()).toBe(0);
    expect(state.waitingFor).toBe(`${rawTopic} carries the clocks of its senders, by which no date may be judged: run "tidewaiter topics apply", or set message.timestamp.type to LogAppendTime`);
    broker.stampBySenders(rawTopic, false);
    await until('the declaration is accepted', () => accepted() === 1, 10_000);
    expect(state.waitingFor).toBeUndefined();
  } finally {
    broker.stampBySenders(rawTopic, false);
    await (await starting).stop();
    rmSync(home, { recursive: true, force: true });
  }
});
