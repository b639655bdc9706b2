/** Figures are cut and spread as their manifest says: reading them with other settings would give wrong ones. */
import { ConfigurationError, type Config } from './config';

interface Manifest { readonly profile?: string; readonly partitions?: number; readonly shards?: number }

/** @throws ConfigurationError that names each setting that differs. */
export function checkManifest(text: string | undefined, config: Config): void {
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
