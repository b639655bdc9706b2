/** docker-compose.yml and the Dockerfile, checked by parsing: no engine is needed, and none is asked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig, settingsTable } from '../../services/shell/config';
import { allServices } from '../../services/topology';

interface Service {
  readonly image?: string; readonly build?: { readonly dockerfile: string }; readonly restart?: string; readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>; readonly environment?: Readonly<Record<string, unknown>>; readonly secrets?: readonly string[];
  readonly command?: readonly string[]; readonly entrypoint?: readonly string[]; readonly read_only?: boolean; readonly cap_drop?: readonly string[]; readonly ports?: readonly string[]; readonly volumes?: readonly string[];
  readonly mem_limit?: string; readonly profiles?: readonly string[]; readonly configs?: readonly { readonly source: string; readonly target: string }[]; readonly logging?: { readonly options?: Readonly<Record<string, string>> };
}
interface Compose { readonly services: Readonly<Record<string, Service>>; readonly secrets: Readonly<Record<string, { readonly file: string }>>; readonly configs: Readonly<Record<string, { readonly file: string }>>; readonly volumes: Readonly<Record<string, unknown>> }

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(root, 'infra/docker/Dockerfile'), 'utf8').split('\n');

/** `${NAME:-default}` as compose fills it in, one in the other. */
function withDefaults(environment: Readonly<Record<string, unknown>>, given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const filled = (value: string): string => {
    const once = value.replace(/\$\{(\w+):-([^${}]*)\}/g, (_whole, name: string, fallback: string) => given[name] ?? fallback);
    return once === value ? value : filled(once);
  };
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(String(value))]));
}
const pinned = (image: string): boolean => /:v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z0-9-]+)?$/.test(image);

test('every service runs, with its own entry point', () => {
  for (const name of allServices) {
    expect(compose.services[name]?.command).toEqual([`dist/services/${name}/main.js`]);
    expect(existsSync(join(root, `services/${name}/main.ts`))).toBe(true);
  }
});

test('every image is pinned', () => {
  expect(services.map(([, { image }]) => image ?? '').filter((image) => !pinned(image))).toEqual([]);
});

test('what runs for long has a health check that looks at the service itself', () => {
  const lasting = services.filter(([name]) => name !== 'setup');
  expect(lasting.filter(([, { healthcheck, restart }]) => !healthcheck || restart !== 'unless-stopped').map(([name]) => name)).toEqual([]);
  for (const name of allServices) expect(compose.services[name]?.healthcheck?.test.slice(-2)).toEqual(['health', name]);
});

test('nothing grows without limit: logs of every container, and the memory of Redis', () => {
  expect(services.filter(([, { logging }]) => !logging?.options?.['max-size'] || !logging.options['max-file']).map(([name]) => name)).toEqual([]);
  expect(compose.services['redis']?.command?.join(' ')).toMatch(/--maxmemory \S+ --maxmemory-policy noeviction/);
});

test('dependencies exist, and are waited for by a condition that they can meet', () => {
  for (const [name, { depends_on: dependencies = {} }] of services) {
    for (const [other, { condition }] of Object.entries(dependencies)) {
      expect({ name, other, exists: other in compose.services }).toMatchObject({ exists: true });
      expect(condition).toBe(other === 'setup' ? 'service_completed_successfully' : 'service_healthy');
    }
  }
});

test('settings are known ones, secrets and volumes are declared', () => {
  const known = new Set(settingsTable().map((setting) => setting.name));
  const used = services.flatMap(([, { environment = {} }]) => Object.keys(environment).filter((name) => name.startsWith('TIDEWAITER_')));
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
  for (const [, { secrets = [], volumes = [] }] of services) {
    for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
    for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
  }
});

test('the pseudonym key goes to ingest alone, and our services may do nothing beyond their work', () => {
  expect(services.filter(([, { secrets }]) => secrets?.includes('pseudonym_key')).map(([name]) => name)).toEqual(['ingest']);
  for (const name of [...allServices, 'setup']) expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

test('whoever watches is bounded, asked for by name, has every file of infra that is meant for it, and its password from a file', () => {
  for (const name of ['prometheus', 'grafana']) expect(compose.services[name]).toMatchObject({ profiles: ['watch'], mem_limit: '512m', cap_drop: ['ALL'] });
  const mounted = services.flatMap(([, { configs = [] }]) => configs.map(({ source, target }) => [compose.configs[source]?.file ?? '', target] as const));
  const meant = ['infra/prometheus', 'infra/grafana'].flatMap((folder) => (readdirSync(join(root, folder), { recursive: true }) as string[]).map((name) => join(folder, name)).filter((name) => /\.(yml|json)$/.test(name)));
  expect(mounted.map(([file]) => file).sort()).toEqual(meant.sort());
  for (const [file, target] of mounted) expect(target.split('/').at(-1)).toBe(file.split('/').at(-1));
  const dashboards = parse(readFileSync(join(root, 'infra/grafana/provisioning/dashboards/tidewaiter.yml'), 'utf8')) as { providers: [{ options: { path: string } }] };
  expect(mounted.filter(([file]) => file.endsWith('.json')).every(([, target]) => target.startsWith(`${dashboards.providers[0].options.path}/`))).toBe(true);
  expect(compose.services['grafana']?.environment).toMatchObject({ GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana_password' });
  expect(text).not.toMatch(/PASSWORD: /);
});

test('Prometheus asks services where they listen, and nobody else can', () => {
  const { scrape_configs: [job] } = parse(readFileSync(join(root, 'infra/prometheus/prometheus.yml'), 'utf8')) as { scrape_configs: [{ static_configs: [{ targets: string[] }] }] };
  for (const target of job.static_configs[0].targets) {
    const [name = '', port] = target.split(':');
    expect(compose.services[name]?.environment).toMatchObject({ TIDEWAITER_METRICS_PORT: Number(port), TIDEWAITER_METRICS_HOST: '0.0.0.0' });
    expect((compose.services[name]?.ports ?? []).filter((published) => published.endsWith(`:${port}`))).toEqual([]);
  }
});

test('every service is asked for its state where it listens, from whatever container of ours', () => {
  for (const name of [...allServices, 'setup']) {
    const { environment = {} } = compose.services[name] ?? {};
    const urls = readConfig(withDefaults(environment)).TIDEWAITER_SERVICE_URLS;
    expect(urls).toEqual(allServices.map((asked) => ({ name: asked, host: asked, port: compose.services[asked]?.environment?.['TIDEWAITER_METRICS_PORT'] })));
  }
});

describe('the console', () => {
  const { environment = {}, ports = [], secrets, volumes = [] } = compose.services['console'] ?? {};
  const config = readConfig(withDefaults(environment));

  test('listens where its port is published, and prints the address that browsers come by', () => {
    expect(ports).toEqual([`127.0.0.1:\${CONSOLE_PORT:-29080}:${config.consolePort}`]);
    expect(config.TIDEWAITER_CONSOLE_HOST).toBe('0.0.0.0');
    expect(config.consoleUrl).toBe('http://127.0.0.1:29080');
    expect(readConfig(withDefaults(environment, { CONSOLE_PORT: '30080' })).consoleUrl).toBe('http://127.0.0.1:30080');
    expect(readConfig(withDefaults(environment, { CONSOLE_URL: 'https://console.example' })).consoleUrl).toBe('https://console.example');
  });

  test('has its key, alone, from a file, and keeps what one-time tokens were used where its user may write', () => {
    expect(services.filter(([, service]) => service.secrets?.includes('console_key')).map(([name]) => name)).toEqual(['console']);
    expect(secrets).toEqual(['console_key']);
    expect(config.TIDEWAITER_CONSOLE_KEY_FILE).toBe('/run/secrets/console_key');
    const [, home] = /TIDEWAITER_HOME=(\S+)/.exec(dockerfile.join('\n')) ?? [];
    expect(volumes.map((volume) => volume.split(':')[1])).toEqual([`${home}/console-tokens-used`]);
    expect(dockerfile.find((line) => line.startsWith('RUN mkdir'))).toContain(` ${home}/console-tokens-used && chown -R node:node ${home}`);
  });
});

test('ports are open on this machine alone', () => {
  expect(services.flatMap(([, { ports = [] }]) => ports).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('the Dockerfile: pinned stages, copies from stages and folders that exist, a user without rights', () => {
  const stages = dockerfile.flatMap((line) => /^FROM (\S+) AS (\S+)$/.exec(line)?.slice(1) ?? []).filter((_, index) => index % 2 === 1);
  expect(dockerfile.filter((line) => line.startsWith('FROM ')).every((line) => pinned(line.split(' ')[1] ?? ''))).toBe(true);
  expect(stages).toEqual(['build', 'run']);
  for (const line of dockerfile.filter((one) => one.startsWith('COPY '))) {
    const stage = /--from=(\S+)/.exec(line)?.[1];
    if (stage === undefined) for (const source of line.split(' ').slice(1, -1)) expect({ source, exists: existsSync(join(root, source)) }).toMatchObject({ exists: true });
    else expect(stages).toContain(stage);
  }
  expect(dockerfile.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
});

test('brokers keep the positions of groups without members longer than any outage, in compose and on the native stack', () => {
  const tenYears = 10 * 365 * 24 * 60;
  expect(Number(compose.services['kafka']?.environment?.['KAFKA_OFFSETS_RETENTION_MINUTES'])).toBe(tenYears);
  expect(readFileSync(join(root, 'infra/native/server.properties'), 'utf8')).toContain(`\noffsets.retention.minutes=${tenYears}\n`);
});
