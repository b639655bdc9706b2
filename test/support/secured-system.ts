/**
 * The whole system over secured wires: TLS and SCRAM to a broker with an authorizer, TLS and ACL users to Redis, TLS and
 * a password to the registry. Every service has a user, a password and rights of its own. Certificates last for a day.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import type { KafkaLog } from '../../services/shell/kafka/kafka-log';
import { holders } from '../../services/rights/kafka-rights';
import { projectRoot } from '../../services/shell/project-root';
import { Daemon } from '../../services/stack/daemon';
import { stackPorts } from '../../services/stack/endpoints';
import { fetchJars } from '../../services/stack/jars';
import { brokerPlan, formatStorage, newClusterId } from '../../services/stack/native-stack';
import { brokerAnswers, portTaken, redisAnswers, registryAnswers } from '../../services/stack/probes';
import type { ServiceName } from '../../services/topology';
import { serviceNames } from '../../services/status/service-names';
import { RunningSystem, type Answer } from './running-system';
import { until } from './until';

const READY_MS = 90_000;
/** Beside those of a native stack. */
const [SECURED_BROKER, SECURED_REDIS, SECURED_REGISTRY] = [60, 61, 62];
const ADMIN = 'admin';
const password = (holder: string): string => `${holder}-password`;
const user = (holder: string): string => `tidewaiter-${holder}`;
const EVERYBODY = [ADMIN, ...holders];

function openssl(folder: string, ...args: readonly string[]): void {
  const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${done.stderr}`);
}

/** An authority, and a server of this machine that it signed: ca.pem, server.key, server.pem, and both in one file for the broker. */
function makeCertificates(folder: string): void {
  mkdirSync(folder, { recursive: true });
  openssl(folder, 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=authority');
  openssl(folder, 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl(folder, 'x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'names', '-out', 'server.pem');
  writeFileSync(join(folder, 'keystore.pem'), readFileSync(join(folder, 'server.key'), 'utf8') + readFileSync(join(folder, 'server.pem'), 'utf8'));
}

export class SecuredSystem extends RunningSystem {
  private readonly supervisors = new Map<string, ChildProcess>();
  private registryGate: ChildProcess | undefined;

  private get basePort(): number { return this.config.TIDEWAITER_BASE_PORT; }
  private file(name: string): string { return join(this.home, 'secrets', name); }

  /** Settings of whoever has a holder's rights. */
  settingsOf(holder: string): Record<string, string> {
    const ca = this.file('ca.pem');
    const usesRedis = ['aggregate', 'publish', 'console', 'operator'].includes(holder);
    return {
      TIDEWAITER_BROKERS: `localhost:${this.basePort + SECURED_BROKER}`, TIDEWAITER_KAFKA_SSL: 'true', TIDEWAITER_KAFKA_CA_FILE: ca,
      TIDEWAITER_KAFKA_SASL_MECHANISM: 'scram-sha-512', TIDEWAITER_KAFKA_USERNAME: user(holder), TIDEWAITER_KAFKA_PASSWORD_FILE: this.file(holder),
      TIDEWAITER_REDIS_URL: `rediss://localhost:${this.basePort + SECURED_REDIS}`, TIDEWAITER_REDIS_CA_FILE: ca,
      TIDEWAITER_REDIS_USERNAME: usesRedis ? user(holder) : '', TIDEWAITER_REDIS_PASSWORD_FILE: usesRedis ? this.file(holder) : '',
      TIDEWAITER_REGISTRY_URL: `https://localhost:${this.basePort + SECURED_REGISTRY}/apis/ccompat/v7`, TIDEWAITER_REGISTRY_CA_FILE: ca,
      TIDEWAITER_REGISTRY_USERNAME: user(holder), TIDEWAITER_REGISTRY_PASSWORD_FILE: this.file(holder),
    };
  }

  override async start(): Promise<void> {
    for (const folder of ['run', 'logs', 'data/kafka', 'data/redis', 'secrets']) mkdirSync(join(this.home, folder), { recursive: true });
    makeCertificates(join(this.home, 'secrets'));
    for (const holder of EVERYBODY) writeFileSync(this.file(holder), `${password(holder)}\n`, { mode: 0o600 });
    await this.startBroker();
    await this.startRedis();
    this.done('stack', 'up');
    await this.startRegistryGate();
    this.asHolder(ADMIN, 'rights', 'apply');
    for (const command of [['topics', 'apply'], ['schemas', 'register']]) this.asHolder('operator', ...command);
    Object.assign(this.environment, this.settingsOf('operator'));
  }

  private under<Answer>(settings: Readonly<Record<string, string>>, act: () => Answer): Answer {
    const before = { ...this.environment };
    try {
      Object.assign(this.environment, settings);
      return act();
    } finally {
      for (const name of Object.keys(this.environment)) if (!(name in before)) delete this.environment[name];
      Object.assign(this.environment, before);
    }
  }

  /** With the rights of a holder. */
  private as<Answer>(holder: string, act: () => Answer): Answer { return this.under(this.settingsOf(holder), act); }

  /** A file of the folder of secrets: a holder's password, or a certificate. */
  secret(name: string): string { return this.file(name); }

  /** What Redis answers to a holder, refusals too. */
  redisAs(holder: string, ...command: readonly string[]): string {
    const name = holder === ADMIN ? ADMIN : user(holder);
    const { stdout, stderr } = spawnSync('redis-cli', ['--tls', '--cacert', this.file('ca.pem'), '-h', 'localhost', '-p', String(this.basePort + SECURED_REDIS), '--user', name, ...command], { encoding: 'utf8', env: { ...process.env, REDISCLI_AUTH: password(holder) } });
    return `${stdout}${stderr}`.trim();
  }
  redisAdmin(...command: readonly string[]): void {
    const answer = this.redisAs(ADMIN, ...command);
    if (answer !== 'OK') throw new Error(`redis: ${answer}`);
  }

  cliAs(holder: string, ...args: readonly string[]): Answer { return this.as(holder, () => this.cli(...args)); }
  /** A command that must succeed. */
  asHolder(holder: string, ...args: readonly string[]): string { return this.as(holder, () => this.done(...args)); }

  async takeKafkaRight(holder: string, topic: string, operation: 'READ' | 'WRITE'): Promise<void> {
    const admin = this.as(ADMIN, () => this.log() as KafkaLog).client.admin();
    await admin.connect();
    try {
      await admin.deleteAcls({ filters: [{ resourceType: AclResourceTypes.TOPIC, resourceName: topic, resourcePatternType: ResourcePatternTypes.LITERAL, principal: `User:${user(holder)}`, operation: AclOperationTypes[operation], permissionType: AclPermissionTypes.ALLOW }] });
    } finally {
      await admin.disconnect();
    }
  }

  private async startBroker(): Promise<void> {
    const ports = stackPorts(this.basePort);
    const file = join(this.home, 'run', 'server.properties');
    const plain = readFileSync(join(projectRoot(), 'infra/native/server.properties'), 'utf8')
      .replaceAll('{brokerPort}', String(ports.broker)).replaceAll('{controllerPort}', String(ports.controller)).replaceAll('{data}', join(this.home, 'data'));
    const secured = plain
      .replace(/^listeners=.*$/m, (line) => `${line},SECURED://127.0.0.1:${this.basePort + SECURED_BROKER}`)
      .replace(/^advertised\.listeners=.*$/m, (line) => `${line},SECURED://localhost:${this.basePort + SECURED_BROKER}`)
      .replace(/^listener\.security\.protocol\.map=.*$/m, (line) => `${line},SECURED:SASL_SSL`);
    writeFileSync(file, `${secured}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
# Whoever comes by the listener without a password is the broker itself, or the registry: both are of this machine.
super.users=User:ANONYMOUS;User:${user(ADMIN)}
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location=${this.file('keystore.pem')}
ssl.truststore.type=PEM
ssl.truststore.location=${this.file('ca.pem')}
`);
    const jars = await fetchJars(projectRoot(), this.config.cache, () => undefined);
    formatStorage(jars, newClusterId(), file, EVERYBODY.flatMap((holder) => ['--add-scram', `SCRAM-SHA-512=[name=${user(holder)},password=${password(holder)}]`]));
    new Daemon(this.home, 'kafka', file).start(brokerPlan('kafka', this.home, jars, file));
    await until('the broker answers', () => brokerAnswers(ports.broker), READY_MS);
  }

  private async startRedis(): Promise<void> {
    const { redis: port } = stackPorts(this.basePort);
    const users = join(this.home, 'run', 'redis-users.acl');
    writeFileSync(users, readFileSync(join(projectRoot(), 'infra/rights/redis-users.acl'), 'utf8')
      .replace(/^user tidewaiter-(\w+) on resetpass/gm, (_line, holder: string) => `user ${user(holder)} on resetpass >${password(holder)}`));
    appendFileSync(users, `user ${ADMIN} on >${password(ADMIN)} ~* &* +@all\n`);
    new Daemon(this.home, 'redis', `127.0.0.1:${port}`).start({
      name: 'redis', command: 'redis-server', folder: join(this.home, 'data/redis'),
      args: [join(projectRoot(), 'infra/native/redis.conf'), '--port', String(port), '--dir', join(this.home, 'data/redis'), '--aclfile', users,
        '--tls-port', String(this.basePort + SECURED_REDIS), '--tls-cert-file', this.file('server.pem'), '--tls-key-file', this.file('server.key'), '--tls-ca-cert-file', this.file('ca.pem'), '--tls-auth-clients', 'no'],
    });
    await until('Redis answers', () => redisAnswers(port), READY_MS);
  }

  private async startRegistryGate(): Promise<void> {
    const { registry } = stackPorts(this.basePort);
    await until('the registry answers', () => registryAnswers(registry), READY_MS);
    const port = this.basePort + SECURED_REGISTRY;
    const users = EVERYBODY.map((holder) => `${user(holder)}:${password(holder)}`).join(',');
    this.registryGate = spawn(process.execPath, [join(projectRoot(), 'dist/test/support/registry-gate.js'), this.file('server.key'), this.file('server.pem'), String(port), String(registry), users], { stdio: 'ignore' });
    await until('the registry’s gate answers', () => portTaken(port), READY_MS);
  }

  /** Each under a supervisor of its own, as each has settings of its own. */
  override async startServices(): Promise<void> {
    for (const name of serviceNames()) this.startService(name as ServiceName);
    await this.until('all services run', () => this.status().services.every(({ state }) => state === 'running'));
  }

  startService(name: ServiceName, more: Readonly<Record<string, string>> = {}): void {
    const root = projectRoot();
    const env = { ...this.environment, ...this.settingsOf(name), ...more };
    this.supervisors.set(name, spawn(process.execPath, [join(root, 'dist/services/cli/main.js'), 'start', name], { cwd: root, env, stdio: 'ignore', detached: true }));
  }

  async stopService(name: string): Promise<void> {
    const supervisor = this.supervisors.get(name);
    this.supervisors.delete(name);
    if (supervisor?.exitCode !== null) return;
    const ended = new Promise((next) => supervisor.once('exit', next));
    supervisor.kill('SIGTERM');
    await ended;
  }

  override async stopServices(): Promise<void> { await Promise.all([...this.supervisors.keys()].map((name) => this.stopService(name))); }

  override async stop(): Promise<void> {
    await this.stopServices();
    this.registryGate?.kill();
    await super.stop();
  }
}
