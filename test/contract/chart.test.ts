/** infra/helm/tidewaiter as Helm renders it: linted, held to the types of Kubernetes and its operators, and to what it promises. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { declaredConfigs, declaredPartitions } from '../../services/cli/topic-differences';
import { limits } from '../../services/limits';
import { readConfig } from '../../services/shell/config';
import { aggregateInputs, consumerGroup, flow, stageNames, topics } from '../../services/topology';
import { describeWithHelm, renderChart, type Rendering, type Resource } from '../support/helm';
import { faultsOf } from '../support/resource-types';

const root = join(__dirname, '../..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const services = [...stageNames, 'console'];
const readers = [...flow.map(({ name }) => name), 'aggregate'];

const least = {
  kafka: { brokers: ['kafka:9092'] }, registry: { url: 'http://registry:8080/apis/ccompat/v7' }, redis: { url: 'redis://redis:6379' },
  pseudonymKeySecret: { name: 'pseudonym' }, console: { keySecret: { name: 'console' } },
};
const gateway = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateway' } } }];
const secured = {
  kafka: { brokers: ['one:9093', 'two:9094'], tls: true, caSecret: { name: 'customs-cluster-ca-cert' }, mechanism: 'scram-sha-512' },
  registry: { url: 'https://registry/apis/ccompat/v7', username: 'tidewaiter', passwordSecret: { name: 'registry' }, caSecret: { name: 'registry-ca' } },
  redis: { url: 'rediss://redis:6380', cluster: true, username: 'tidewaiter', passwordSecret: { name: 'redis' }, caSecret: { name: 'redis-ca' } },
  pseudonymKeySecret: { name: 'pseudonym' },
  console: {
    url: 'https://figures.example:8443', proxies: ['10.244.0.0/16', 'fd00::/8'], keySecret: { name: 'console' }, spentTokensClaim: 'spent', oidc: { issuer: 'https://people.example/realm', clientSecret: { name: 'oidc' } },
    ingress: { enabled: true, className: 'nginx', tlsSecret: 'figures' }, httpRoute: { enabled: true, parentRefs: [{ name: 'gateway', namespace: 'gateway' }] },
  },
};
const values = {
  least,
  /** What the chart's README shows. */
  example: parse(/```yaml\n([^`]+)```/.exec(text('infra/helm/tidewaiter/README.md'))?.[1] ?? '') as object,
  secured,
  operated: {
    ...secured, partitions: 12, replication: 3, settings: { TIDEWAITER_LEDGER_BUCKETS: 1_048_576, TIDEWAITER_REFUSAL_SHARE: 0.25, TIDEWAITER_OTLP_ENDPOINT: 'http://collector:4318' },
    autoscaling: { enabled: true }, services: { aggregate: { autoscaling: { minReplicas: 2, maxReplicas: 8, lagThreshold: 20_000 } } },
    kafkaTopics: { enabled: true, cluster: 'customs', namespace: 'kafka' },
    metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } }, rules: { enabled: true, labels: { release: 'prometheus' } } },
    replay: { enabled: true, workers: 2, readsRawTopic: true },
    networkPolicy: { prometheus: { from: gateway }, console: { from: gateway }, kafka: { to: [{ podSelector: { matchLabels: { 'strimzi.io/cluster': 'customs' } } }] }, redis: { ports: [6380, 16380] } },
    podAnnotations: { note: 'yes' }, podLabels: { team: 'customs' }, nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'customs', operator: 'Exists' }], priorityClassName: 'figures',
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }] } } },
    topologySpreadConstraints: [{ maxSkew: 2, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' }], imagePullSecrets: [{ name: 'pull' }],
  },
  followed: { ...least, replay: { enabled: true } },
  bare: {
    ...least, fullnameOverride: 'tw', image: { digest: `sha256:${'0'.repeat(64)}` }, replication: 1, kafkaTopics: { enabled: true, cluster: 'customs' },
    networkPolicy: { enabled: false }, podDisruptionBudget: { enabled: false }, serviceAccount: { create: false }, setup: { enabled: false }, services: { ingest: { resources: { limits: { memory: '1Gi' } } } },
    metrics: { serviceMonitor: { enabled: true } }, autoscaling: { enabled: true },
  },
};
const refused: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  'nothing': [{}, /kafka\.brokers is needed/],
  'unknown-value': [{ ...least, replicaCount: 3 }, /'replicaCount' not allowed/],
  'unknown-value-of-a-service': [{ ...least, services: { ingest: { replica: 3 } } }, /'replica' not allowed/],
  'unknown-service': [{ ...least, services: { replay: { replicas: 1 } } }, /'replay' not allowed/],
  'unknown-setting': [{ ...least, settings: { TIDEWAITER_LEDGER_BUCKET: 1 } }, /'TIDEWAITER_LEDGER_BUCKET' not allowed/],
  'setting-that-is-a-value': [{ ...least, settings: { TIDEWAITER_PARTITIONS: 8 } }, /'TIDEWAITER_PARTITIONS' not allowed/],
  'password-in-the-address': [{ ...least, redis: { url: 'redis://:secret@redis:6379' } }, /\/redis\/url/],
  'more-readers-than-partitions': [{ ...least, services: { aggregate: { replicas: 5 } } }, /services\.aggregate\.replicas is 5, and there are 4 partitions/],
  'scaled-beyond-partitions': [{ ...least, autoscaling: { enabled: true }, services: { enrich: { autoscaling: { maxReplicas: 9 } } } }, /services\.enrich\.autoscaling\.maxReplicas is 9, and there are 4 partitions/],
  'scaled-publisher': [{ ...least, services: { publish: { autoscaling: { maxReplicas: 2 } } } }, /'autoscaling' not allowed/],
  'no-pseudonym-key': [{ ...least, pseudonymKeySecret: { name: '' } }, /pseudonymKeySecret\.name is needed/],
  'route-for-nobody': [{ ...secured }, /networkPolicy\.console\.from lets nobody reach it/],
  'metrics-for-nobody': [{ ...least, metrics: { serviceMonitor: { enabled: true } } }, /networkPolicy\.prometheus\.from lets nobody read metrics/],
};

let rendering: Rendering;
const all = (name: keyof typeof values): readonly Resource[] => rendering.rendered.get(name) ?? [];
const of = (name: keyof typeof values, kind: string): readonly Resource[] => all(name).filter((resource) => resource.kind === kind);
const named = (name: keyof typeof values, kind: string, resource: string): Resource => {
  const found = of(name, kind).find(({ metadata }) => metadata.name === resource);
  if (!found) throw new Error(`${name} has no ${kind} ${resource}: ${of(name, kind).map(({ metadata }) => metadata.name).join(', ')}`);
  return found;
};
const deployment = (name: keyof typeof values, service: string): Resource => named(name, 'Deployment', `customs-tidewaiter-${service}`);
const sets = Object.keys(values) as (keyof typeof values)[];

interface Probe { readonly httpGet: { readonly path: string; readonly port: string } }
interface Container {
  name: string; image: string; args?: string[]; command?: string[]; env?: { name: string; value?: string; valueFrom?: unknown }[]; ports?: { name: string; containerPort: number }[];
  startupProbe: Probe; livenessProbe: Probe; readinessProbe: Probe; volumeMounts: { name: string; mountPath: string; subPath?: string }[]; securityContext: unknown; resources: { limits: { memory: string } };
}
interface Pod { containers: Container[]; volumes: { name: string; projected?: { sources: { secret: { name: string; items: { key: string; path: string }[] } }[] } }[]; [field: string]: unknown }
/** Of every Deployment and Job. */
const pods = (name: keyof typeof values): [string, Pod][] => all(name).filter(({ kind }) => kind === 'Deployment' || kind === 'Job').map(({ metadata, spec }) => [metadata.name, (spec as { template: { spec: Pod } }).template.spec]);
const containerOf = (resource: Resource): Container => (resource['spec'] as { template: { spec: Pod } }).template.spec.containers[0] as Container;
const secretsOf = (pod: Pod): string[] => pod.volumes.flatMap(({ projected }) => projected?.sources ?? []).map(({ secret }) => secret.name);
const environment = (container: Container): Record<string, string | undefined> => Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]));

describeWithHelm('the chart', () => {
  beforeAll(() => {
    const opened = { ...secured, networkPolicy: { console: { from: gateway } } };
    rendering = renderChart({ ...values, secured: opened, ...Object.fromEntries(Object.entries(refused).map(([name, [value]]) => [name, value])) }, '1.34.0');
  }, 180_000);

  test('lint has nothing to say but that there is no picture', () => { expect(rendering.lint).toBe('passed\n[INFO] Chart.yaml: icon is recommended\n'); });

  test.each(Object.entries(refused))('refused, with its reason: %s', (name, [, reason]) => {
    expect(rendering.refused.get(name) ?? 'it was rendered').toMatch(reason);
  });

  test('everything else is rendered', () => {
    expect([...rendering.refused].filter(([name]) => !(name in refused))).toEqual([]);
    expect([...rendering.rendered.keys()].sort()).toEqual([...sets].sort());
  });

  test('it has only what Kubernetes and its operators know, and a fault would be seen', () => {
    const [budget, service] = [named('least', 'PodDisruptionBudget', 'customs-tidewaiter-ingest'), named('least', 'Service', 'customs-tidewaiter-console')];
    const wrong = [
      { ...budget, spec: { ...budget['spec'], maxUnavailabel: 1 } }, { ...budget, spec: { ...budget['spec'], unhealthyPodEvictionPolicy: 'Always' } },
      { ...service, spec: { ports: [{ name: 'metrics' }] } }, { ...service, spec: { ports: [{ port: '80' }] } },
    ] as unknown as Resource[];
    expect(faultsOf([...sets.flatMap((name) => all(name)), ...wrong])).toEqual([
      expect.stringMatching(/^PodDisruptionBudget customs-tidewaiter-ingest: .*maxUnavailabel\W+does not exist/), expect.stringContaining(`Type '"Always"' is not assignable`),
      expect.stringMatching(/^Service customs-tidewaiter-console: Property \W*port\W* is missing/), expect.stringContaining("'string' is not assignable to type 'number'"),
    ]);
  }, 120_000);

  test('names are unique, short enough, in the namespace, and labels are as Kubernetes recommends', () => {
    for (const name of sets) {
      const names = all(name).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { kind, metadata } of all(name)) {
        expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
        expect(metadata.namespace).toBe(kind === 'KafkaTopic' && name === 'operated' ? 'kafka' : 'authority');
        expect(Object.keys(metadata.labels ?? {})).toEqual(expect.arrayContaining(['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/version', 'app.kubernetes.io/managed-by', 'helm.sh/chart']));
        for (const value of Object.values(metadata.labels ?? {})) expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/);
      }
    }
  });

  test('every service of the topology runs, with its own entry point, and nobody else', () => {
    for (const name of sets) {
      expect(of(name, 'Deployment').map((resource) => containerOf(resource).args?.[0])).toEqual(expect.arrayContaining(services.map((service) => `dist/services/${service}/main.js`)));
      expect(of(name, 'Deployment')).toHaveLength(services.length + (name === 'operated' || name === 'followed' ? 1 : 0));
    }
  });

  test('selectors select their own pods', () => {
    for (const name of sets) {
      const labels = new Map(of(name, 'Deployment').map(({ metadata, spec }) => [metadata.labels?.['app.kubernetes.io/component'], (spec as { template: { metadata: { labels: Record<string, string> } } }).template.metadata.labels]));
      for (const { kind, metadata, spec } of all(name)) {
        const selector = (kind === 'Service' ? spec.selector : kind === 'Deployment' || kind === 'PodDisruptionBudget' ? spec.selector.matchLabels : kind === 'NetworkPolicy' ? spec.podSelector.matchLabels : undefined) as Record<string, string> | undefined;
        const component = metadata.labels?.['app.kubernetes.io/component'];
        if (selector === undefined || component === 'setup') continue;
        const selected = [...labels].filter(([, of]) => Object.entries(selector).every(([key, value]) => of[key] === value)).map(([service]) => service);
        expect({ kind, name: metadata.name, selected }).toEqual({ kind, name: metadata.name, selected: [component] });
      }
    }
  });

  test('no pod is root, writes to its image, has a right or a token, or takes names of Services for settings', () => {
    for (const name of sets) {
      expect(pods(name).length).toBeGreaterThanOrEqual(services.length);
      for (const [, pod] of pods(name)) {
        expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, securityContext: { runAsNonRoot: true, runAsUser: 1_000, fsGroup: 1_000, seccompProfile: { type: 'RuntimeDefault' } } });
        for (const { securityContext, resources } of pod.containers) {
          expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
          expect(resources.limits.memory).toMatch(/^(640Mi|1Gi)$/);
        }
      }
      for (const account of of(name, 'ServiceAccount')) expect(account['automountServiceAccountToken']).toBe(false);
    }
  });

  test('what is written lies on a volume: the folders of the image', () => {
    const home = /TIDEWAITER_HOME=(\S+)/.exec(text('infra/docker/Dockerfile'))?.[1] ?? '';
    for (const [, pod] of pods('least')) expect(pod.containers[0]?.volumeMounts).toContainEqual({ name: 'run', mountPath: `${home}/run` });
    const console = containerOf(deployment('least', 'console'));
    expect(console.volumeMounts).toContainEqual({ name: 'spent-tokens', mountPath: `${home}/console-tokens-used` });
    expect(text('services/console/access/local-tokens.ts')).toContain("join(home, 'console-tokens-used')");
  });

  test('memory is that of the compose file, and more than the heap of the image', () => {
    const compose = /mem_limit: (\d+)m\n {2}environment: &settings/.exec(text('docker-compose.yml'))?.[1];
    expect(containerOf(deployment('least', 'ingest')).resources.limits.memory).toBe(`${compose ?? ''}Mi`);
    expect(Number(/--max-old-space-size=(\d+)/.exec(text('infra/docker/Dockerfile'))?.[1])).toBeLessThan(Number(compose));
  });

  test('probes ask ports that are there; waiting makes no pod start anew, and the page is reached while neighbours are away', () => {
    for (const name of sets) {
      for (const resource of of(name, 'Deployment')) {
        const container = containerOf(resource);
        if (container.name === 'replay') continue;
        const ports = (container.ports ?? []).map((port) => port.name);
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) expect(ports).toContain(container[probe].httpGet.port);
        for (const probe of ['startupProbe', 'livenessProbe'] as const) expect(container[probe].httpGet).toEqual({ path: '/healthz', port: 'metrics' });
        expect(container.readinessProbe.httpGet).toEqual(container.name === 'console' ? { path: '/healthz', port: 'http' } : { path: '/readyz', port: 'metrics' });
        const settings = named(name, 'ConfigMap', name === 'bare' ? 'tw' : 'customs-tidewaiter')['data'] as Record<string, string>;
        expect(container.ports?.find((port) => port.name === 'metrics')?.containerPort).toBe(Number(settings['TIDEWAITER_METRICS_PORT']));
        expect(settings['TIDEWAITER_METRICS_HOST']).toBe('0.0.0.0');
      }
    }
    expect(containerOf(deployment('least', 'console')).ports).toContainEqual({ name: 'http', containerPort: readConfig({}).consolePort });
  });

  test('a pod is given longer than a service takes to stop', () => {
    for (const name of sets) for (const { spec } of of(name, 'Deployment')) expect(spec.template.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(limits.stopDeadlineMs + 2_000);
  });

  test('settings are read as they are meant, and no secret is among them', () => {
    for (const name of sets) {
      const shared = of(name, 'ConfigMap')[0]?.['data'] as Record<string, string>;
      for (const [, { containers: [container] }] of pods(name)) {
        const given = { ...shared, ...environment(container as Container) };
        expect(() => readConfig(given)).not.toThrow();
        for (const [setting, value] of Object.entries(given)) if (/PASSWORD|SECRET|KEY|_CA_/.test(setting)) expect({ setting, file: value?.startsWith('/run/secrets/tidewaiter/') }).toEqual({ setting: expect.stringMatching(/_FILE$/), file: true });
        for (const { valueFrom } of container?.env ?? []) expect(valueFrom).toBeUndefined();
      }
    }
    expect(named('operated', 'ConfigMap', 'customs-tidewaiter')['data']).toMatchObject({ TIDEWAITER_LEDGER_BUCKETS: '1048576', TIDEWAITER_REFUSAL_SHARE: '0.25', TIDEWAITER_PARTITIONS: '12', TIDEWAITER_BROKERS: 'one:9093,two:9094', TIDEWAITER_KAFKA_SSL: 'true', TIDEWAITER_KAFKA_SASL_MECHANISM: 'scram-sha-512' });
  });

  test('every file that a setting names is mounted, readable to the pod alone', () => {
    for (const [, pod] of pods('secured')) {
      const files = pod.volumes.flatMap(({ projected }) => projected?.sources ?? []).flatMap(({ secret }) => secret.items.map(({ path }) => `/run/secrets/tidewaiter/${path}`));
      const told = Object.entries(environment(pod.containers[0] as Container)).filter(([setting]) => setting.endsWith('_FILE')).map(([, file]) => file);
      expect(told.length).toBeGreaterThanOrEqual(4);
      expect(files.sort()).toEqual(told.sort());
      expect(pod.volumes.find((volume) => volume.name === 'secrets')?.projected).toMatchObject({ defaultMode: 0o440 });
    }
  });

  test('the pseudonym key goes to ingest alone, the console key to the console, Redis to those that count or show, and each has its own Kafka user', () => {
    const holders = (secret: string): string[] => pods('secured').filter(([, pod]) => secretsOf(pod).includes(secret)).map(([name]) => name.replace('customs-tidewaiter-', ''));
    expect(holders('pseudonym')).toEqual(['ingest']);
    expect(holders('console')).toEqual(['console']);
    expect(holders('oidc')).toEqual(['console']);
    expect(holders('redis').sort()).toEqual(['aggregate', 'console', 'publish']);
    for (const service of [...services, 'setup']) {
      expect(holders(`customs-tidewaiter-${service}`)).toEqual([service]);
      expect(environment(pods('secured').find(([name]) => name === `customs-tidewaiter-${service}`)?.[1].containers[0] as Container)['TIDEWAITER_KAFKA_USERNAME']).toBe(`customs-tidewaiter-${service}`);
    }
    const withRedis = pods('least').filter(([, pod]) => 'TIDEWAITER_REDIS_URL' in environment(pod.containers[0] as Container)).map(([name]) => name.replace('customs-tidewaiter-', ''));
    expect(withRedis.sort()).toEqual(['aggregate', 'console', 'publish']);
  });

  const ports = (name: keyof typeof values, service: string): number[] => {
    const { spec } = named(name, 'NetworkPolicy', `customs-tidewaiter-${service}`);
    return [...new Set((spec as { egress: { ports: { port: number }[] }[] }).egress.flatMap((rule) => rule.ports.map(({ port }) => port)))].sort((a, b) => a - b);
  };

  test('nobody reaches what it does not need: by default Kafka, the registry, DNS; Redis from those that count or show', () => {
    for (const service of services) {
      expect(named('least', 'NetworkPolicy', `customs-tidewaiter-${service}`)['spec'].policyTypes).toEqual(['Ingress', 'Egress']);
      expect(ports('least', service)).toEqual([53, ...(['aggregate', 'publish', 'console'].includes(service) ? [6_379] : []), 8_080, 9_092, ...(service === 'console' ? [9_464] : [])]);
    }
    expect(ports('least', 'setup')).toEqual([53, 8_080, 9_092]);
    expect(named('least', 'NetworkPolicy', 'customs-tidewaiter-setup')['spec'].ingress).toBeUndefined();
    expect(ports('operated', 'ingest')).toEqual([53, 443, 4_318, 9_093, 9_094]);
    expect(ports('operated', 'aggregate')).toEqual([53, 443, 4_318, 6_380, 9_093, 9_094, 16_380]);
    expect(ports('operated', 'console')).toEqual([53, 443, 6_380, 9_093, 9_094, 9_464, 16_380]);
    expect(named('operated', 'NetworkPolicy', 'customs-tidewaiter-ingest')['spec'].egress[1]).toEqual({ to: [{ podSelector: { matchLabels: { 'strimzi.io/cluster': 'customs' } } }], ports: [{ port: 9_093, protocol: 'TCP' }, { port: 9_094, protocol: 'TCP' }] });
  });

  test('metrics are read by the console and by whom values name, the page by whom values name', () => {
    const console = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'tidewaiter', 'app.kubernetes.io/instance': 'customs', 'app.kubernetes.io/component': 'console' } } };
    for (const service of services) {
      expect(named('least', 'NetworkPolicy', `customs-tidewaiter-${service}`)['spec'].ingress).toEqual([{ from: [console], ports: [{ port: 'metrics', protocol: 'TCP' }] }]);
      expect(named('operated', 'NetworkPolicy', `customs-tidewaiter-${service}`)['spec'].ingress).toEqual([
        { from: [console, ...gateway], ports: [{ port: 'metrics', protocol: 'TCP' }] },
        ...(service === 'console' ? [{ from: gateway, ports: [{ port: 'http', protocol: 'TCP' }] }] : []),
      ]);
    }
    expect(of('bare', 'NetworkPolicy')).toEqual([]);
  });

  test('every pod has an address of its own, also while it waits, and the console knows all of them', () => {
    const urls = environment(containerOf(deployment('least', 'console')))['TIDEWAITER_SERVICE_URLS']?.split(',') ?? [];
    expect(urls.map((url) => url.split('=')[0])).toEqual(services);
    for (const [index, service] of services.entries()) {
      const { metadata, spec } = named('least', 'Service', `customs-tidewaiter-${service}-metrics`);
      expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true, ports: [{ name: 'metrics', port: 9_464, targetPort: 'metrics' }] });
      expect(urls[index]).toBe(`${service}=http://${metadata.name}:9464`);
    }
    expect(environment(containerOf(deployment('least', 'console')))['TIDEWAITER_CONSOLE_URL']).toBe(`http://127.0.0.1:${readConfig({}).consolePort}`);
    expect(environment(containerOf(deployment('secured', 'console')))['TIDEWAITER_CONSOLE_PROXIES']).toBe('10.244.0.0/16,fd00::/8');
    expect(named('least', 'Service', 'customs-tidewaiter-console')['spec'].ports).toEqual([{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }]);
  });

  test('one pod of a service goes at a time, for a node or a release, also while none is ready', () => {
    for (const service of services) {
      expect(named('least', 'PodDisruptionBudget', `customs-tidewaiter-${service}`)['spec']).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
      expect(deployment('least', service)['spec'].strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    }
    expect(of('bare', 'PodDisruptionBudget')).toEqual([]);
  });

  test('other settings are other pods, and a change of the chart alone is none', () => {
    const checksum = (name: keyof typeof values): string => deployment(name, 'ingest')['spec'].template.metadata.annotations['checksum/settings'] as string;
    expect(checksum('least')).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum('least')).not.toBe(checksum('operated'));
    expect(deployment('least', 'ingest')['spec'].template.metadata.labels).not.toHaveProperty('helm.sh/chart');
  });

  test('topics and schemas come before the services, by a Job that needs nothing of the release', () => {
    const job = named('least', 'Job', 'customs-tidewaiter-setup');
    expect(job.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(containerOf(job).command).toEqual(['sh', '-c', 'node dist/services/cli/main.js topics apply && node dist/services/cli/main.js schemas register']);
    expect(containerOf(job)).not.toHaveProperty('envFrom');
    expect(job['spec'].template.spec).not.toHaveProperty('serviceAccountName');
    expect(environment(containerOf(job))).toMatchObject(named('least', 'ConfigMap', 'customs-tidewaiter')['data'] as Record<string, string>);
    const policy = named('least', 'NetworkPolicy', 'customs-tidewaiter-setup').metadata.annotations;
    expect(policy).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '-5' });
    expect(containerOf(named('operated', 'Job', 'customs-tidewaiter-setup')).command?.at(-1)).toBe('node dist/services/cli/main.js schemas register');
    expect(of('bare', 'Job')).toEqual([]);
  });

  test('what counts into the replay that is live runs where it is asked for, alone, as its own user, with the key only where party ids are read', () => {
    const { spec } = deployment('operated', 'replay');
    const container = containerOf(deployment('operated', 'replay'));
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(container.args).toEqual(['dist/services/cli/main.js', 'replay', 'follow', '--by', 'customs-tidewaiter', '--workers', '2']);
    expect(Object.keys(container).filter((field) => field.endsWith('Probe') || field === 'ports')).toEqual([]);
    expect(environment(container)).toMatchObject({ TIDEWAITER_KAFKA_USERNAME: 'customs-tidewaiter-replay', TIDEWAITER_REDIS_URL: 'rediss://redis:6380', TIDEWAITER_PSEUDONYM_KEY_FILE: '/run/secrets/tidewaiter/pseudonym.key' });
    expect(environment(containerOf(deployment('followed', 'replay')))).not.toHaveProperty('TIDEWAITER_PSEUDONYM_KEY_FILE');
    expect(ports('operated', 'replay')).toEqual([53, 443, 6_380, 9_093, 9_094, 16_380]);
    expect(named('operated', 'NetworkPolicy', 'customs-tidewaiter-replay')['spec'].ingress).toBeUndefined();
    expect(of('least', 'Deployment').map(({ metadata }) => metadata.name)).not.toContain('customs-tidewaiter-replay');
  });

  test('as many replicas as there are partitions, at the most, also where KEDA decides', () => {
    for (const service of readers) {
      expect(deployment('least', service)['spec'].replicas).toBeLessThanOrEqual(4);
      expect(deployment('operated', service)['spec']).not.toHaveProperty('replicas');
      expect(named('operated', 'ScaledObject', `customs-tidewaiter-${service}`)['spec']).toMatchObject({ scaleTargetRef: { name: `customs-tidewaiter-${service}` }, minReplicaCount: service === 'aggregate' ? 2 : 1, maxReplicaCount: service === 'aggregate' ? 8 : 12 });
    }
    expect(of('operated', 'ScaledObject')).toHaveLength(readers.length);
    for (const { spec } of of('bare', 'ScaledObject')) expect(spec.maxReplicaCount).toBe(4);
    for (const service of ['publish', 'console']) expect(deployment('operated', service)['spec'].replicas).toBeGreaterThan(0);
  });

  test('KEDA looks at what each stage reads, as the user of the stage', () => {
    for (const service of readers) {
      const { spec } = named('operated', 'ScaledObject', `customs-tidewaiter-${service}`);
      const inputs = service === 'aggregate' ? aggregateInputs : flow.filter(({ name }) => name === service).map(({ input }) => input);
      expect((spec as { triggers: { metadata: { topic: string } }[] }).triggers.map(({ metadata }) => metadata.topic)).toEqual(inputs);
      for (const { type, metadata, authenticationRef } of spec.triggers) {
        expect({ type, authenticationRef }).toEqual({ type: 'kafka', authenticationRef: { name: `customs-tidewaiter-${service}` } });
        expect(metadata).toMatchObject({ consumerGroup: consumerGroup(service as 'ingest'), bootstrapServers: 'one:9093,two:9094', tls: 'enable', sasl: 'scram_sha512', excludePersistentLag: 'true', allowIdleConsumers: 'false', lagThreshold: service === 'aggregate' ? '20000' : '5000' });
      }
      expect(named('operated', 'TriggerAuthentication', `customs-tidewaiter-${service}`)['spec']).toEqual({
        env: [{ parameter: 'username', name: 'TIDEWAITER_KAFKA_USERNAME', containerName: service }],
        secretTargetRef: [{ parameter: 'password', name: `customs-tidewaiter-${service}`, key: 'password' }, { parameter: 'ca', name: 'customs-cluster-ca-cert', key: 'ca.crt' }],
      });
    }
    expect(of('bare', 'TriggerAuthentication')).toEqual([]);
  });

  test.each([['operated', 12, 3], ['bare', 4, 1]] as const)('%s: the topics of the topology, and they outlive the release', (name, partitions, replication) => {
    const made = of(name, 'KafkaTopic');
    expect(made.map(({ spec }) => spec.topicName as string)).toEqual(topics.map((topic) => topic.name));
    for (const [index, topic] of topics.entries()) {
      expect(made[index]?.['spec']).toEqual({ topicName: topic.name, partitions: declaredPartitions(topic, partitions), replicas: replication, config: declaredConfigs(topic, replication) });
      expect(made[index]?.metadata).toMatchObject({ labels: { 'strimzi.io/cluster': 'customs' }, annotations: { 'helm.sh/resource-policy': 'keep' } });
    }
  });

  test('Prometheus asks under the job that the rules name, and the rules are those of infra/prometheus', () => {
    const { spec } = named('operated', 'ServiceMonitor', 'customs-tidewaiter');
    const asked = of('operated', 'Service').filter(({ metadata }) => Object.entries(spec.selector.matchLabels as Record<string, string>).every(([key, value]) => metadata.labels?.[key] === value));
    expect(asked.map(({ metadata }) => metadata.name)).toEqual(services.map((service) => `customs-tidewaiter-${service}-metrics`));
    for (const { metadata } of asked) expect(metadata.labels?.[spec.jobLabel as string]).toBe('tidewaiter');
    expect(text('infra/prometheus/alerts.yml')).toContain('up{job="tidewaiter"}');
    /** The operator would put the name of the Service in the place of the stage. */
    expect(spec.endpoints).toEqual([{ port: 'metrics', interval: '15s', honorLabels: true }]);
    expect(named('operated', 'PrometheusRule', 'customs-tidewaiter')['spec']).toEqual(parse(text('infra/prometheus/alerts.yml')));
    expect(of('least', 'PrometheusRule')).toEqual([]);
  });

  test('the console has its routes where they are asked for, by the host that browsers know', () => {
    expect(named('operated', 'Ingress', 'customs-tidewaiter-console')['spec']).toMatchObject({ ingressClassName: 'nginx', tls: [{ hosts: ['figures.example'], secretName: 'figures' }], rules: [{ host: 'figures.example' }] });
    expect(named('operated', 'HTTPRoute', 'customs-tidewaiter-console')['spec']).toMatchObject({ hostnames: ['figures.example'], parentRefs: [{ name: 'gateway', namespace: 'gateway' }], rules: [{ backendRefs: [{ name: 'customs-tidewaiter-console', port: 80 }] }] });
    expect(all('least').filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute')).toEqual([]);
  });

  test('the image is that of this version, or the digest that was asked for', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(containerOf(deployment('least', 'ingest')).image).toBe(`tidewaiter:${version}`);
    expect(containerOf(of('bare', 'Deployment')[0] as Resource).image).toBe(`tidewaiter@sha256:${'0'.repeat(64)}`);
    expect(text('docker-compose.yml')).toContain(`image: tidewaiter:${version}`);
  });
});
