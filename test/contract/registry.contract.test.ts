/** The schema registry in memory and the real one: registration, lookup, compatibility in both directions. */
import { randomUUID } from 'node:crypto';
import { ConfluentRegistry } from '../../services/shell/kafka/confluent-registry';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import type { SchemaAdministration } from '../../services/shell/ports';
import { requireStack, testStack } from '../support/test-stack';

const schema = (name: string, ...fields: object[]): string => JSON.stringify({ type: 'record', name, fields: [{ name: 'id', type: 'string' }, ...fields] });
const registries: readonly (readonly [string, () => SchemaAdministration])[] = [['memory', () => new MemoryRegistry()], ...(testStack ? [['real', () => new ConfluentRegistry({ url: requireStack().registryUrl })] as const] : [])];
if (!testStack) test.skip('real: no stack was given', () => undefined);

describe.each(registries)('%s', (_name, open) => {
  const registry = open();
  const subject = `contract-${randomUUID()}-value`;

  test('what is registered is found by its id and as the latest; again it has the same id', async () => {
    const text = schema('Contract');
    const id = await registry.register(subject, text);
    expect(await registry.register(subject, text)).toBe(id);
    expect(JSON.parse((await registry.byId(id)) ?? '')).toEqual(JSON.parse(text));
    expect((await registry.latest(subject))?.id).toBe(id);
  });

  test('unknown subjects and ids are answered, not refused', async () => {
    expect(await registry.latest(`none-${randomUUID()}`)).toBeUndefined();
    expect(await registry.byId(999_999)).toBeUndefined();
  });

  test('a field with a default may be added; one without may not, nor may one be taken away', async () => {
    const grown = schema('Contract', { name: 'note', type: 'string', default: '' });
    expect(await registry.compatible(subject, grown)).toBe(true);
    expect(await registry.compatible(subject, schema('Contract', { name: 'must', type: 'string' }))).toBe(false);
    await registry.register(subject, grown);
    await expect(registry.register(subject, schema('Contract', { name: 'must', type: 'string' }))).rejects.toThrow();
  });
});
