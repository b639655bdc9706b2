/** Settings from the environment, checked at start: one message names every wrong one. The README's table is made from here. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { limits } from '../limits';
import { LIVE_NAMESPACE } from '../topology';
import { serviceUrls } from './states/service-urls';
import { wireFaults } from './wire-faults';

const integer = (minimum: number, maximum: number, fallback: number) => z.coerce.number().int().min(minimum).max(maximum).default(fallback);
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''));
const urls = list.pipe(z.array(z.url()).min(1));
const networks = list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'addresses or networks, comma-separated, e.g. 10.0.0.0/8,fd00::/8')));
const flag = z.enum(['true', 'false', '1', '0', '']).default('false').transform((text) => text === 'true' || text === '1');

const settings = {
  TIDEWAITER_HOME: z.string().default('.tidewaiter').describe('Folder of data, logs, pids of the native stack'),
  TIDEWAITER_CACHE: z.string().optional().describe('Folder of fetched jars, which stacks may share; default: cache in the home folder'),
  TIDEWAITER_ARCHIVE: z.string().optional().describe('Folder of the archive; default: archive in the home folder'),
  TIDEWAITER_BASE_PORT: integer(1_024, 64_000, 29_000).describe('Ports: broker +92, registry +81, Redis +79, console +80, metrics +100 and up'),
  TIDEWAITER_PROFILE: z.string().regex(/^[A-Z]{2}$/, 'two capital letters, e.g. CD').default('CD').describe('Authority: a file of schemas/profiles'),
  TIDEWAITER_BROKERS: list.optional().describe('Kafka brokers, comma-separated; default: the native stack'),
  TIDEWAITER_REGISTRY_URL: z.url().optional().describe('Confluent-compatible schema registry; default: the native stack'),
  TIDEWAITER_REDIS_URL: urls.optional().describe('redis:// or, with TLS, rediss:// URL; of a cluster some of its nodes, comma-separated; default: the native stack'),
  TIDEWAITER_REDIS_CLUSTER: flag.describe('The URLs are of a Redis Cluster'),
  TIDEWAITER_REDIS_CA_FILE: z.string().optional().describe('PEM file with the authority that signed Redis'),
  TIDEWAITER_REDIS_USERNAME: z.string().optional().describe('ACL user at Redis'),
  TIDEWAITER_REDIS_PASSWORD_FILE: z.string().optional().describe('File with its password'),
  TIDEWAITER_KAFKA_SSL: flag.describe('TLS to Kafka'),
  TIDEWAITER_KAFKA_CA_FILE: z.string().optional().describe('PEM file with the authority that signed the brokers'),
  TIDEWAITER_KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('SASL mechanism'),
  TIDEWAITER_KAFKA_USERNAME: z.string().optional().describe('SASL user'),
  TIDEWAITER_KAFKA_PASSWORD_FILE: z.string().optional().describe('File with the SASL password'),
  TIDEWAITER_REGISTRY_CA_FILE: z.string().optional().describe('PEM file with the authority that signed the registry'),
  TIDEWAITER_REGISTRY_USERNAME: z.string().optional().describe('Basic authentication at the registry'),
  TIDEWAITER_REGISTRY_PASSWORD_FILE: z.string().optional().describe('File with its password'),
  TIDEWAITER_PSEUDONYM_KEY_FILE: z.string().optional().describe('File with the key that turns party ids into tokens; default: pseudonym.key in the home folder'),
  TIDEWAITER_PARTITIONS: integer(1, 1_000, 4).describe('Partitions of every topic; part of a namespace, fixed once data flows'),
  TIDEWAITER_REPLICATION: integer(1, 9, 1).describe('Replication factor of topics that are created'),
  TIDEWAITER_SHARDS: integer(1, 1_000, 1).describe('Redis hash slots that one namespace is spread over'),
  TIDEWAITER_NAMESPACE: z.string().regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits, hyphens').default(LIVE_NAMESPACE).describe('Namespace of the figures'),
  TIDEWAITER_LEDGER_BUCKETS: integer(16, 1_048_576, limits.ledgerBucketsPerPartition).describe('Ledger hashes per partition; best with about 60 declarations in each'),
  TIDEWAITER_LEDGER_HORIZON_DAYS: integer(0, 36_500, 0).describe('Ledger entries whose dates are all older may be let go; events behind it without an entry are refused. 0: keep all'),
  TIDEWAITER_MINUTE_RETENTION_DAYS: integer(0, 36_500, 0).describe('Minute cells are let go after so many days of stream time; 0: keep'),
  TIDEWAITER_HOUR_RETENTION_DAYS: integer(0, 36_500, 0).describe('The same for hour cells'),
  TIDEWAITER_PUBLISH_TICK_MS: integer(10, 60_000, limits.publishTickMs).describe('Changes are combined this long before they are published'),
  TIDEWAITER_REFUSAL_SHARE: z.coerce.number().min(0).max(1).default(limits.refusalShareDefault).describe('A stage halts when it refuses more than this share of at least 1,000 records'),
  TIDEWAITER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('Port of /metrics, /healthz, /readyz, /state; none or 0: off. Under `tidewaiter start` that of the first service, the others count on; none: base port +100'),
  TIDEWAITER_METRICS_HOST: z.string().default('127.0.0.1').describe('Address that they listen on; they ask for no password'),
  TIDEWAITER_SERVICE_URLS: serviceUrls.optional().describe('Where services answer /state, for `status`, `doctor` and the console: name=http://host:port, comma-separated; every address behind a name is a replica, a service that is not named counts as down. None: their files in the home folder'),
  TIDEWAITER_OTLP_ENDPOINT: z.url().optional().describe('OTLP/HTTP collector that traces go to, e.g. http://127.0.0.1:4318; none: no traces'),
  TIDEWAITER_TRACE_RATIO: z.coerce.number().min(0).max(1).default(0.01).describe('Share of raw records that are followed through all topics; one that comes with a sampled traceparent always is'),
  TIDEWAITER_CONSOLE_HOST: z.string().default('127.0.0.1').describe('Address that the console listens on'),
  TIDEWAITER_CONSOLE_PORT: z.coerce.number().int().min(1).max(65_535).optional().describe('Its port; none: base port +80'),
  TIDEWAITER_CONSOLE_URL: z.url().optional().describe('Address of the console as browsers know it; default: http and the address it listens on'),
  TIDEWAITER_CONSOLE_PROXIES: networks.optional().describe('Addresses and networks of proxies before the console, comma-separated: what they say of the browser behind them (X-Forwarded-For) is believed, and requests are counted by it. None: every browser counts by the address that it comes from'),
  TIDEWAITER_CONSOLE_KEY_FILE: z.string().optional().describe('File with the key, 32 bytes or more, that signs its tokens and sessions; none: console.key in the home folder, made on first use'),
  TIDEWAITER_CONSOLE_OIDC_ISSUER: z.url().optional().describe('OpenID Connect issuer; without it only local tokens sign in'),
  TIDEWAITER_CONSOLE_OIDC_CLIENT_ID: z.string().default('tidewaiter').describe('Client id of the console at the issuer'),
  TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE: z.string().optional().describe('File with the client secret'),
  TIDEWAITER_CONSOLE_OIDC_ROLES_CLAIM: z.string().default('roles').describe('Claim of the ID token that lists the roles viewer, analyst, enforcement, operator'),
  TIDEWAITER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe log line'),
} as const;

const schema = z.object(settings).superRefine((value, context) => { for (const [name, message] of wireFaults(value)) context.addIssue({ code: 'custom', path: [name], message }); });
export type Settings = z.infer<typeof schema>;

export interface Config extends Omit<Settings, 'TIDEWAITER_BROKERS' | 'TIDEWAITER_REGISTRY_URL' | 'TIDEWAITER_REDIS_URL'> {
  readonly home: string;
  readonly cache: string;
  readonly archive: string;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** More than one only of a cluster. */
  readonly redisUrls: readonly string[];
  readonly pseudonymKeyFile: string;
  readonly consoleKeyFile: string;
  readonly consoleUrl: string;
  readonly consolePort: number;
}

/** A user's mistake: shown without a stack trace, exit code 78. */
export class ConfigurationError extends Error {}

/** @throws ConfigurationError that names every wrong setting, its problem and the expected form. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name.startsWith('TIDEWAITER_') && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigurationError(`These settings are wrong:\n${faults.join('\n')}`);
  }
  const value = parsed.data;
  const home = resolve(value.TIDEWAITER_HOME);
  const port = value.TIDEWAITER_BASE_PORT;
  const consolePort = value.TIDEWAITER_CONSOLE_PORT ?? port + 80;
  return {
    ...value,
    home,
    cache: value.TIDEWAITER_CACHE === undefined ? join(home, 'cache') : resolve(value.TIDEWAITER_CACHE),
    archive: value.TIDEWAITER_ARCHIVE === undefined ? join(home, 'archive') : resolve(value.TIDEWAITER_ARCHIVE),
    brokers: value.TIDEWAITER_BROKERS ?? [`127.0.0.1:${port + 92}`],
    registryUrl: value.TIDEWAITER_REGISTRY_URL ?? `http://127.0.0.1:${port + 81}/apis/ccompat/v7`,
    redisUrls: value.TIDEWAITER_REDIS_URL ?? [`redis://127.0.0.1:${port + 79}`],
    pseudonymKeyFile: value.TIDEWAITER_PSEUDONYM_KEY_FILE ?? join(home, 'pseudonym.key'),
    consoleKeyFile: join(home, 'console.key'),
    consolePort,
    consoleUrl: (value.TIDEWAITER_CONSOLE_URL ?? `http://${value.TIDEWAITER_CONSOLE_HOST}:${consolePort}`).replace(/\/$/, ''),
  };
}

/** @throws ConfigurationError when a named secret file is missing. */
export function readSecret(file: string, setting: string): string {
  if (!existsSync(file)) throw new ConfigurationError(`These settings are wrong:\n  ${setting}: the file does not exist`);
  return readFileSync(file, 'utf8').trim();
}

/** Rows of the README's table of settings. */
export function settingsTable(): { name: string; fallback: string; meaning: string }[] {
  return Object.entries(settings).map(([name, type]) => {
    const fallback = type.safeParse(undefined);
    /** No list has a default. */
    const shown = fallback.success && fallback.data !== undefined && typeof fallback.data !== 'object' ? String(fallback.data) : '';
    return { name, fallback: shown, meaning: type.description ?? '' };
  });
}
