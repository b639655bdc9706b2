/** Reads what a namespace is counted from, as its manifest decides each record. */
import type { Logger } from 'pino';
import { unreadFields } from '../../aggregate/stage';
import type { NamespaceManifest } from '../../domain/namespace-directory';
import { unreadByExplanations } from '../../explain/decided-records';
import type { Profile, ReferenceSet } from '../../reference/types';
import { avroType, Decoder } from '../../shell/avro/codec';
import { schemaWithout, topicSchema } from '../../shell/avro/schema-files';
import { readSecret, type Config } from '../../shell/config';
import type { SchemaSource } from '../../shell/ports';
import { pseudonymiser } from '../../shell/pseudonym';
import { rawTopic } from '../../topology';
import type { FusedStep } from './fused-flow';
import { FusedReader } from './fused-reader';
import { changesBefore } from '../made-of';
import { fusedSteps, unreadOf, type Deciding } from './source-stages';

const noParty = (): never => { throw new Error('party ids are read from the raw topic alone'); };
/** Nothing that is explained is decided by who they are. */
const anyParty = (): string => '';

export interface ReadBy { readonly config: Pick<Config, 'pseudonymKeyFile'>; readonly profile: Profile; readonly registry: SchemaSource; readonly logger: Logger }

/** For whoever counts or screens. `references`: of the manifest, and one for each of its changes. @throws ConfigurationError without the key that raw records need. */
export function sourceReader(manifest: NamespaceManifest, references: readonly ReferenceSet[], by: ReadBy): FusedReader {
  const pseudonymise: Deciding['pseudonymise'] = manifest.source === rawTopic ? pseudonymiser(readSecret(by.config.pseudonymKeyFile, 'TIDEWAITER_PSEUDONYM_KEY_FILE')) : noParty;
  return readerOf(manifest, references, by, pseudonymise, unreadFields);
}

/** For whoever asks how a record was decided; without the key, and the tokens that it gives. */
export const explainingReader = (manifest: NamespaceManifest, references: readonly ReferenceSet[], by: Omit<ReadBy, 'config'>): FusedReader =>
  readerOf(manifest, references, by, anyParty, unreadByExplanations);

function readerOf(manifest: NamespaceManifest, references: readonly ReferenceSet[], { profile, registry, logger }: Omit<ReadBy, 'config'>, pseudonymise: Deciding['pseudonymise'], unread: readonly string[]): FusedReader {
  const { source } = manifest;
  const stepsOf = references.map((reference) => fusedSteps(source, { reference, profile, pseudonymise }));
  const decoder = new Decoder<unknown>(avroType(schemaWithout(topicSchema(source), unreadOf(stepsOf[0] as readonly FusedStep[], unread))), registry);
  return new FusedReader({ topic: source, decoder, logger, stepsAt: (partition, offset) => stepsOf[changesBefore(manifest, source, partition, offset)] as readonly FusedStep[] });
}
