/** A record that brings out a mistake of ours is refused and kept; those before and behind it go on. In memory. */
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { rejectedTopic } from '../../services/topology';
import { StageWorld, type StandardizeStage } from '../support/stage-world';
import { until } from '../support/until';

type Decision = ReturnType<StandardizeStage['decide']>;

test.each<[string, (outcome: Decision) => Decision]>([
  ['decide', () => { throw new TypeError('cannot read TRADER-SECRET of undefined'); }],
  ['encode', (outcome) => ({ ...outcome, addition: { TRADER: 'TRADER-SECRET' } }) as unknown as Decision],
])('a mistake to %s one record', async (_what, harm) => {
  const world = await StageWorld.open();
  try {
    await world.start(undefined, (stage) => ({
      ...stage,
      decide: (declaration, origin) => (declaration.declarationId === 'D2' ? harm(stage.decide(declaration, origin)) : stage.decide(declaration, origin)),
    }));
    await world.declare(5);
    await until('all others', async () => (await world.results()).length === 4);
    expect(await world.results()).toEqual(['D0', 'D1', 'D3', 'D4']);
    const rejected = world.broker.partition({ topic: rejectedTopic, partition: 0 }).fetch(0, 10)?.records ?? [];
    expect(rejected).toHaveLength(1);
    const refusal = avroType(topicSchema(rejectedTopic)).fromBuffer(rejected[0]?.value?.subarray(FRAME_BYTES) as Buffer) as { code: string; message: string; declarationId: string; rejectId: string };
    expect(refusal).toMatchObject({ code: 'E-INTERNAL', declarationId: 'D2', rejectId: 'standardize-0-3' });
    expect(refusal.message).not.toContain('TRADER');
    await until('all committed', () => world.committed()?.offset === 5);
  } finally {
    await world.close();
  }
});
