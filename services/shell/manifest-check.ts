/** Figures are cut and spread as their manifest says: reading them with other settings would give wrong ones. */
import { parseRestored, type RestoredNamespace } from '../domain/restored-namespace';
import { ConfigurationError, type Config } from './config';

interface Manifest { readonly profile?: string; readonly partitions?: number; readonly shards?: number }

/** Of figures that are counted. @throws ConfigurationError that names each setting that differs; and where they are not counted. */
export function checkManifest(text: string | undefined, config: Config): void {
  if (parseRestored(text)) throw new ConfigurationError(`namespace ${config.TIDEWAITER_NAMESPACE} was restored from the aggregate topics and is not counted: it has no ledger and no positions. "tidewaiter query" alone reads it`);
  checkSettings(text, config);
}

/** Of figures that are only read: what they are where they were restored, undefined where they are counted. @throws ConfigurationError as above, and where restoring did not end. */
export function checkReadable(text: string | undefined, config: Config): RestoredNamespace | undefined {
  checkSettings(text, config);
  const restored = parseRestored(text);
  if (restored?.complete === false) throw new ConfigurationError(`namespace ${config.TIDEWAITER_NAMESPACE} was not restored to its end: "tidewaiter rebuild --from-aggregates --keep" begins anew`);
  return restored;
}

function checkSettings(text: string | undefined, config: Config): void {
  if (text === undefined) return;
  const manifest = JSON.parse(text) as Manifest;
  const compared: readonly [string, unknown, unknown][] = [
    ['TIDEWAITER_PROFILE', manifest.profile, config.TIDEWAITER_PROFILE],
    ['TIDEWAITER_PARTITIONS', manifest.partitions, config.TIDEWAITER_PARTITIONS],
    ['TIDEWAITER_SHARDS', manifest.shards, config.TIDEWAITER_SHARDS],
  ];
  const faults = compared.filter(([, made, set]) => made !== undefined && made !== set);
  if (faults.length === 0) return;
  throw new ConfigurationError(`These settings are wrong:\n${faults.map(([name, made, set]) => `  ${name}: the figures of namespace ${config.TIDEWAITER_NAMESPACE} are made with ${String(made)}, not ${String(set)}`).join('\n')}`);
}
