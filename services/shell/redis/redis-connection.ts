/** One Redis, or the nodes of a Redis Cluster, as one client. */
import { Cluster, Command, Redis, type RedisOptions } from 'ioredis';
import { limits } from '../../limits';

export interface RedisSettings {
  /** redis:// or rediss://; more than one only of a cluster. */
  readonly urls: readonly string[];
  readonly cluster?: boolean;
  readonly username?: string;
  readonly password?: string;
  /** PEM text. */
  readonly certificateAuthority?: string;
  /** Before a command is given up; default: `limits.redisTimeoutMs`. */
  readonly commandTimeoutMs?: number;
}
export type RedisConnection = Redis | Cluster;

/** Not connected before the first command. */
export function openRedis(settings: RedisSettings): RedisConnection {
  const { urls, username, password, certificateAuthority } = settings;
  const [first = ''] = urls;
  const common: RedisOptions = {
    protocol: 2,
    commandTimeout: settings.commandTimeoutMs ?? limits.redisTimeoutMs,
    connectTimeout: limits.redisConnectMs,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const tls = first.startsWith('rediss:') ? { tls: certificateAuthority === undefined ? {} : { ca: [certificateAuthority] } } : {};
  if (settings.cluster) {
    /** Commands would wait in the client's queue without an end; refused at once they are tried again by whoever waits. */
    return new Cluster([...urls], { lazyConnect: true, enableOfflineQueue: false, slotsRefreshTimeout: limits.redisConnectMs, redisOptions: { ...common, ...tls } });
  }
  return new Redis(first, {
    ...common, ...tls,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(limits.backoffMaxMs, limits.redisReconnectStepMs * attempt),
  });
}

/** Those that take writes. @throws while a cluster is not reached. */
export function serversOf(connection: RedisConnection): readonly Redis[] {
  if (!(connection instanceof Cluster)) return [connection];
  const masters = connection.nodes('master');
  if (masters.length === 0) throw new Error('CLUSTERDOWN no server is known');
  return masters;
}

/** The server that holds a key, and with it all of the same hash tag. @throws while a cluster does not say, and whatever its servers answer. */
export async function holderOf(connection: RedisConnection, key: string): Promise<Redis> {
  if (!(connection instanceof Cluster)) return connection;
  /** The client learns from answers alone who holds what: after a failover it would go on naming the dead one. */
  await connection.exists(key);
  const slot = new Command('exists', [key]).getSlot();
  const address = connection.slots[slot]?.[0];
  const holder = connection.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address);
  if (!holder) throw new Error(`CLUSTERDOWN no server is known for slot ${slot}`);
  return holder;
}
