/** A Redis Cluster of this machine: three servers that share the slots, and a replica of each. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import { Daemon } from '../../services/stack/daemon';
import { redisAnswers } from '../../services/stack/probes';
import { until } from './until';

const FIRST_PORT = 63;
const SERVERS = 6;
const READY_MS = 60_000;
/** The servers' own wires lie right above: Redis' default, 10,000 higher, is where the system takes ports for outgoing connections, and now and then one was taken. */
const BUS_OFFSET = SERVERS;
/** Before a server that does not answer is replaced by its replica. */
const NODE_TIMEOUT_MS = 3_000;

const portsOf = (basePort: number): number[] => Array.from({ length: SERVERS }, (_, index) => basePort + FIRST_PORT + index);

/** Settings of services and commands on the cluster of a lane: two of its servers are enough to find the others. */
export const redisClusterSettings = (basePort: number): Record<string, string> =>
  ({ TIDEWAITER_REDIS_CLUSTER: 'true', TIDEWAITER_REDIS_URL: portsOf(basePort).slice(0, 2).map((port) => `redis://127.0.0.1:${port}`).join(','), TIDEWAITER_SHARDS: '3' });

export class RedisCluster {
  private readonly ports: readonly number[];

  constructor(private readonly home: string, basePort: number) { this.ports = portsOf(basePort); }

  private daemon(port: number): Daemon { return new Daemon(this.home, `redis-${port}`, `127.0.0.1:${port}`); }

  async start(): Promise<void> {
    for (const port of this.ports) {
      const folder = join(this.home, 'data', `redis-${port}`);
      for (const path of [folder, join(this.home, 'run'), join(this.home, 'logs')]) mkdirSync(path, { recursive: true });
      this.daemon(port).start({ name: `redis-${port}`, command: 'redis-server', folder, args: [join(projectRoot(), 'infra/native/redis.conf'), '--port', String(port), '--dir', folder, '--cluster-enabled', 'yes', '--cluster-port', String(port + BUS_OFFSET), '--cluster-node-timeout', String(NODE_TIMEOUT_MS)] });
    }
    for (const port of this.ports) await until(`Redis at ${port} answers`, () => redisAnswers(port), READY_MS);
    const made = spawnSync('redis-cli', ['--cluster', 'create', ...this.ports.map((port) => `127.0.0.1:${port}`), '--cluster-replicas', '1', '--cluster-yes'], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`the cluster was not made: ${made.stdout}${made.stderr}`);
    await until('the cluster is well', async () => this.ask('CLUSTER', 'INFO').includes('cluster_state:ok'), READY_MS);
  }

  /** Of the first server that lives. */
  private ask(...command: readonly string[]): string {
    for (const port of this.ports) {
      const { status, stdout } = spawnSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' });
      if (status === 0) return stdout;
    }
    throw new Error('no server of the cluster answers');
  }

  /** Which servers hold slots now. */
  masters(): number[] {
    const lines = this.ask('CLUSTER', 'NODES').split('\n').filter((line) => /master/.test(line) && !/fail/.test(line));
    return lines.map((line) => Number(/:(\d+)@/.exec(line)?.[1]));
  }

  /** Kills a server that holds slots; resolves when its replica has taken them over. */
  async killMaster(): Promise<number> {
    const [victim = 0] = this.masters();
    process.kill(this.daemon(victim).pid() ?? 0, 'SIGKILL');
    await until('a replica has taken over', async () => this.masters().length === SERVERS / 2 && !this.masters().includes(victim) && this.ask('CLUSTER', 'INFO').includes('cluster_state:ok'), READY_MS);
    return victim;
  }

  async stop(): Promise<void> { await Promise.all(this.ports.map((port) => this.daemon(port).stop())); }
}
