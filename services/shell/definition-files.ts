/** Reads the data that decisions run on: cubes, profile, built-in reference documents; and their digests. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRIBUTION_VERSION } from '../domain/contribution';
import { checkCubes, type Cube, type Cubes } from '../domain/cubes';
import { ReferenceFault } from '../reference/documents';
import { parseProfile } from '../reference/profile';
import { ReferenceCatalogue } from '../reference/catalogue';
import type { Profile, ReferenceSet } from '../reference/types';
import { aggregateInputs } from '../topology';
import { ConfigurationError, type Config } from './config';
import { projectRoot } from './project-root';

const folder = (...parts: string[]): string => join(projectRoot(), 'schemas', ...parts);
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const filesOf = (name: string): string[] => readdirSync(folder(name)).filter((file) => file.endsWith('.json')).sort().map((file) => folder(name, file));

export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex');
export const digestOf = (content: unknown): string => textDigest(JSON.stringify(content));

export function readCubes(): Cubes {
  return checkCubes(filesOf('cubes').map((file) => json(file) as Cube));
}

/** @throws ConfigurationError when there is no such profile, or it is at fault. */
export function readProfile(id: string): Profile {
  const file = folder('profiles', `${id}.json`);
  if (!existsSync(file)) {
    const known = filesOf('profiles').map((name) => name.slice(-7, -5)).join(', ');
    throw new ConfigurationError(`These settings are wrong:\n  TIDEWAITER_PROFILE: there is no profile ${id}; there are ${known}`);
  }
  try {
    return parseProfile(json(file));
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error;
    throw new ConfigurationError(`These settings are wrong:\n  schemas/profiles/${id}.json: ${error.message}`);
  }
}

/** A catalogue with the built-in definition pack, lists and tables, checked and indexed. */
export const readCatalogue = (profile: Profile): ReferenceCatalogue => new ReferenceCatalogue(filesOf('reference').map(json), profile, textDigest);

/** The built-in reference data alone. */
export const readReferenceSet = (profile: Profile): ReferenceSet => readCatalogue(profile).latest;

/** What a namespace is made of: figures made otherwise must not be added to it. One line of JSON, compared byte for byte. */
export function manifestOf(config: Config, profile: Profile, cubes: Cubes): string {
  return JSON.stringify({
    namespace: config.TIDEWAITER_NAMESPACE,
    source: aggregateInputs,
    partitions: config.TIDEWAITER_PARTITIONS,
    shards: config.TIDEWAITER_SHARDS,
    ledgerBuckets: config.TIDEWAITER_LEDGER_BUCKETS,
    profile: config.TIDEWAITER_PROFILE,
    timeZone: profile.timeZone,
    currency: profile.currency,
    cubes: digestOf(Object.values(cubes).map(({ view, combinations }) => ({ view, combinations: combinations.map(({ id, grains }) => ({ id, grains })) }))).slice(0, 16),
    contribution: CONTRIBUTION_VERSION,
  });
}
