/** `schemas register` and `schemas check`. */
import { Command } from 'commander';
import { allTopicSchemas } from '../../shell/avro/schema-files';
import { readConfig } from '../../shell/config';
import type { SchemaAdministration } from '../../shell/ports';
import { ownSchemaId, SchemaMismatch } from '../../shell/stage-codec';
import { subjectOf, type TopicName } from '../../topology';
import { CommandFailure } from '../failure';
import { withNeighbours } from '../neighbours';
import { print, printJson } from '../output';

interface SchemaFinding { readonly subject: string; readonly id: number | null; readonly problem: string | null }

export function schemasCommand(): Command {
  const schemas = new Command('schemas').description('brings the schema registry to what this version declares').addHelpText('after', `
Every subject is FULL_TRANSITIVE: a new version must read, and be read by, all earlier ones.

Examples:
  tidewaiter schemas register
  tidewaiter schemas check --json`);
  schemas.command('register').description('registers the schemas of all topics').option('--json', 'one JSON object').action((options: { json?: true }) => run(registered, options.json === true));
  schemas.command('check').description('reports differences; exit code 1 when there are any').option('--json', 'one JSON object').action((options: { json?: true }) => run(schemaFinding, options.json === true));
  return schemas;
}

async function run(work: (registry: SchemaAdministration, topic: TopicName, text: string) => Promise<SchemaFinding>, json: boolean): Promise<void> {
  await withNeighbours(readConfig(), async (neighbours) => {
    const registry = await neighbours.registry();
    const findings: SchemaFinding[] = [];
    for (const { topic, text } of allTopicSchemas()) findings.push(await neighbours.registryCall(work(registry, topic, text)));
    const faults = findings.filter(({ problem }) => problem !== null);
    if (json) printJson({ schemas: findings, asDeclared: faults.length === 0 });
    else for (const { subject, id, problem } of findings) print(`${subject}  ${problem ?? `id ${id}`}`);
    if (faults.length > 0) throw new CommandFailure('The registry differs from what this version declares.');
  });
}

async function registered(registry: SchemaAdministration, topic: TopicName, text: string): Promise<SchemaFinding> {
  const subject = subjectOf(topic);
  try {
    return { subject, id: await registry.register(subject, text), problem: null };
  } catch (error) {
    const { message } = error as Error;
    if (!/FULL_TRANSITIVE|registry answered 4/.test(message)) throw error;
    return { subject, id: null, problem: message };
  }
}

/** What the registry has of one topic's schema. Rejects only when it does not answer. */
export async function schemaFinding(registry: SchemaAdministration, topic: TopicName, text: string): Promise<SchemaFinding> {
  const subject = subjectOf(topic);
  try {
    return { subject, id: await ownSchemaId(registry, topic), problem: null };
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const latest = await registry.latest(subject);
    if (!latest) return { subject, id: null, problem: 'is not registered: run "tidewaiter schemas register"' };
    const fits = await registry.compatible(subject, text);
    return { subject, id: latest.id, problem: fits ? 'an other version is registered; this one is compatible: run "tidewaiter schemas register"' : 'an other version is registered, with which this one is not compatible' };
  }
}
