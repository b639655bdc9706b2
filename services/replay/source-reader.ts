/** Reads what a namespace is counted from, as its manifest decides each record. */
import type { Logger } from 'pino';
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { Profile, ReferenceSet } from '../reference/types';
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { readSecret, type Config } from '../shell/config';
import type { SchemaSource } from '../shell/ports';
import { pseudonymiser } from '../shell/pseudonym';
import { rawTopic } from '../topology';
import type { FusedStep } from './fused-flow';
import { FusedReader } from './fused-reader';
import { changesBefore } from './made-of';
import { fusedSteps, unreadOf, type Deciding } from './source-stages';

const noParty = (): never => { throw new Error('party ids are read from the raw topic alone'); };

export interface ReadBy { readonly config: Config; readonly profile: Profile; readonly registry: SchemaSource; readonly logger: Logger }

/** `references`: of the manifest, and one for each of its changes. @throws ConfigurationError without the key that raw records need. */
export function sourceReader(manifest: NamespaceManifest, references: readonly ReferenceSet[], { config, profile, registry, logger }: ReadBy): FusedReader {
  const { source } = manifest;
  const pseudonymise: Deciding['pseudonymise'] = source === rawTopic ? pseudonymiser(readSecret(config.pseudonymKeyFile, 'TIDEWAITER_PSEUDONYM_KEY_FILE')) : noParty;
  const stepsOf = references.map((reference) => fusedSteps(source, { reference, profile, pseudonymise }));
  const decoder = new Decoder<unknown>(avroType(schemaWithout(topicSchema(source), unreadOf(stepsOf[0] as readonly FusedStep[]))), registry);
  return new FusedReader({ topic: source, decoder, logger, stepsAt: (partition, offset) => stepsOf[changesBefore(manifest, source, partition, offset)] as readonly FusedStep[] });
}
