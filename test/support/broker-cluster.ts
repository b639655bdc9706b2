/**
 * Three brokers in the place of one, each a controller too: every topic on all three, and two must have a record before
 * it is acknowledged. The first stands where the native stack expects its broker, which takes it for its own.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { connectLog } from '../../services/shell/connect';
import { projectRoot } from '../../services/shell/project-root';
import { Daemon } from '../../services/stack/daemon';
import { stackPorts } from '../../services/stack/endpoints';
import { fetchJars, type Jars } from '../../services/stack/jars';
import { brokerPlan, formatStorage, newClusterId } from '../../services/stack/native-stack';
import { brokerAnswers } from '../../services/stack/probes';
import { RunningSystem } from './running-system';
import { until } from './until';

export const BROKERS = [1, 2, 3] as const;
const READY_MS = 90_000;
const PORTS_APART = 2;

const portOf = (basePort: number, broker: number): number => stackPorts(basePort).broker + PORTS_APART * (broker - 1);
const suffix = (broker: number): string => (broker === 1 ? '' : `-${broker}`);

/** Settings of services and commands on a lane's cluster. */
export const clusterSettings = (basePort: number): Record<string, string> =>
  ({ TIDEWAITER_BROKERS: BROKERS.map((broker) => `127.0.0.1:${portOf(basePort, broker)}`).join(','), TIDEWAITER_REPLICATION: String(BROKERS.length) });

export class ClusterSystem extends RunningSystem {
  private jars: Jars | undefined;

  private get basePort(): number { return this.config.TIDEWAITER_BASE_PORT; }
  private settingsFile(broker: number): string { return join(this.home, 'run', `server${suffix(broker)}.properties`); }
  private daemon(broker: number): Daemon { return new Daemon(this.home, `kafka${suffix(broker)}`, this.settingsFile(broker)); }

  override async start(): Promise<void> {
    for (const folder of ['run', 'logs', 'data']) mkdirSync(join(this.home, folder), { recursive: true });
    this.jars = await fetchJars(projectRoot(), this.config.cache, () => undefined);
    const clusterId = newClusterId();
    for (const broker of BROKERS) {
      writeFileSync(this.settingsFile(broker), this.settingsOf(broker));
      formatStorage(this.jars, clusterId, this.settingsFile(broker));
      this.startBroker(broker);
    }
    for (const broker of BROKERS) await this.answers(broker);
    await super.start();
  }

  private settingsOf(broker: number): string {
    const { basePort } = this;
    const [port, controller] = [portOf(basePort, broker), portOf(basePort, broker) + 1];
    const exchanged: Readonly<Record<string, string>> = {
      'node.id': String(broker),
      'controller.quorum.voters': BROKERS.map((voter) => `${voter}@127.0.0.1:${portOf(basePort, voter) + 1}`).join(','),
      'offsets.topic.replication.factor': '3', 'transaction.state.log.replication.factor': '3', 'transaction.state.log.min.isr': '2',
    };
    const template = readFileSync(join(projectRoot(), 'infra/native/server.properties'), 'utf8')
      .replaceAll('{brokerPort}', String(port)).replaceAll('{controllerPort}', String(controller)).replaceAll('{data}/kafka', join(this.home, `data/kafka${suffix(broker)}`));
    const lines = template.split('\n').map((line) => { const [name = ''] = line.split('='); return name in exchanged ? `${name}=${exchanged[name]}` : line; });
    return [...lines, 'default.replication.factor=3', 'min.insync.replicas=2', ''].join('\n');
  }

  startBroker(broker: number): void { this.daemon(broker).start(brokerPlan(`kafka${suffix(broker)}`, this.home, this.jars as Jars, this.settingsFile(broker))); }

  answers(broker: number): Promise<void> {
    return until(`broker ${broker} answers`, () => {
      if (this.daemon(broker).pid() === undefined) throw new Error(`broker ${broker} stopped while starting: ${readFileSync(join(this.home, 'logs', `kafka${suffix(broker)}.log`), 'utf8').slice(-1_000)}`);
      return brokerAnswers(portOf(this.basePort, broker));
    }, READY_MS);
  }

  killBroker(broker: number): void {
    const pid = this.daemon(broker).pid();
    if (pid === undefined) throw new Error(`broker ${broker} does not run`);
    process.kill(pid, 'SIGKILL');
  }

  /** The broker that leads a partition, and how many are in sync with it. */
  async partitionsOf(topic: string): Promise<readonly { readonly partition: number; readonly leader: number; readonly inSync: number }[]> {
    const admin = connectLog(this.config, 'faults', pino({ level: 'silent' })).client.admin();
    await admin.connect();
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics.flatMap(({ partitions }) => partitions.map(({ partitionId, leader, isr }) => ({ partition: partitionId, leader, inSync: isr.length })));
    } finally {
      await admin.disconnect();
    }
  }

  override async stop(): Promise<void> {
    await this.stopServices();
    for (const broker of BROKERS) if (broker !== 1) await this.daemon(broker).stop();
    await super.stop();
  }
}
