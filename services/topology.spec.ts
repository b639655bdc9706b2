import { upstreamStages, validateTopology, type TopicName, type UpstreamStageDeclaration } from './topology';

/** A chain of three, whatever stands in the topology. */
const [ingest, standardize, enrich] = [upstreamStages.ingest, { ...upstreamStages.standardize, input: upstreamStages.ingest.output }, { ...upstreamStages.enrich, input: upstreamStages.standardize.output }];

test('the topology as it is holds together', () => expect(() => validateTopology()).not.toThrow());

test.each<[string, readonly UpstreamStageDeclaration[], string]>([
  ['a side branch: its refusals would be in the books twice', [ingest, standardize, { ...enrich, input: standardize.input }], 'enrich does not read what the stage before it writes'],
  ['a chain that does not begin with the raw topic', [standardize, enrich], 'standardize does not read what the stage before it writes'],
  ['a stage that cannot refuse', [{ ...ingest, outputs: [ingest.output] }, standardize, enrich], 'ingest must be able to refuse'],
  ['a stage that may not write its own output', [{ ...ingest, outputs: ['customs.declarations.rejected.v1'] }, standardize, enrich], 'ingest may not emit to its own output'],
  ['a topic that nobody declared', [{ ...ingest, output: 'customs.declarations.other.v1' as TopicName, outputs: ['customs.declarations.other.v1' as TopicName] }], 'ingest names an undeclared topic'],
])('refuses %s', (_case, stages, message) => expect(() => validateTopology(stages)).toThrow(message));
