/** Dashboards, rules and documents name metrics and labels that the code has, and every alert has its runbook. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { withMetrics } from '../../scripts/metrics-table';
import { resultCodes } from '../../services/domain/result-codes';
import { metrics } from '../../services/shell/metrics/metric-table';
import { PrometheusMeasurements } from '../../services/shell/metrics/prometheus';
import { StateReporter, stateNames } from '../../services/shell/service-state';
import { allServices, stageNames } from '../../services/topology';

const root = join(__dirname, '../..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Rule { readonly alert: string; readonly expr: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }
const rules = (parse(text('infra/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
interface Panel { readonly title: string; readonly id: number; readonly datasource: { readonly uid: string }; readonly targets: readonly { readonly expr: string }[] }
const folder = 'infra/grafana/dashboards';
const boards = readdirSync(join(root, folder)).map((name) => ({ name, board: JSON.parse(text(`${folder}/${name}`)) as { uid: string; panels: Panel[]; templating: { list: { name: string; query: { query: string } }[] } } }));
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...boards.flatMap(({ name, board }) => board.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`${name} ${title}`, expr] as const))),
];

/** Labels by sample name: histograms have three of them; those of the process come from prom-client itself. */
const known = new Map<string, ReadonlySet<string>>();
const everywhere = ['service', 'instance', 'job'];
for (const { name, type, labels } of metrics) {
  if (type === 'histogram') for (const end of ['_bucket', '_sum', '_count']) known.set(name + end, new Set([...labels, ...everywhere, ...(end === '_bucket' ? ['le'] : [])]));
  else known.set(name, new Set([...labels, ...everywhere]));
}
for (const { name } of new PrometheusMeasurements('ingest', new StateReporter(tmpdir(), 'ingest')).describe()) if (!known.has(name) && !name.startsWith('tidewaiter_')) known.set(name, new Set(everywhere));
known.set('up', new Set(everywhere));

const values: Readonly<Record<string, readonly string[]>> = {
  state: stateNames, check: ['progress', 'self-check', 'other'], epoch: ['owner', 'leader'], outcome: ['found', 'unknown', 'failed'],
  code: Object.keys(resultCodes), service: [...stageNames, '$service'], job: ['tidewaiter'],
};
const functions = new Set(['sum', 'max', 'min', 'rate', 'increase', 'delta', 'histogram_quantile', 'absent', 'time']);
const words = new Set(['and', 'or', 'unless', 'by', 'on', 'without', 'ignoring']);

/** What is wrong with an expression; the part of PromQL that is used here, and nothing beyond it. */
function faultsOf(expression: string): string[] {
  const faults: string[] = [];
  const tokens = expression.match(/"[^"]*"|\[[0-9]+[smhd]\]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9]+(?:\.[0-9]+)?|==|!=|<=|>=|=~|!~|[-+*/(){},<>=]/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s+/g, '')) faults.push('characters that are no token');
  const open: string[] = [];
  let metric: string | undefined;
  const used: string[] = [];
  const grouped: string[] = [];
  tokens.forEach((token, index) => {
    const [before, after] = [tokens[index - 1] ?? '', tokens[index + 1] ?? ''];
    if (token === '(') open.push(['by', 'on', 'without', 'ignoring'].includes(before) ? 'labels' : '(');
    else if (token === '{') open.push('{');
    else if (token === ')' || token === '}') { const opened = open.pop(); if (opened === undefined || (opened === '{') !== (token === '}')) faults.push(`${token} closes nothing`); }
    else if (token.startsWith('[') && metric === undefined) faults.push(`${token} of nothing`);
    else if (!/^[a-zA-Z_:]/.test(token)) return;
    else if (open.at(-1) === 'labels') grouped.push(token);
    else if (open.at(-1) === '{') {
      if (!known.get(metric ?? '')?.has(token)) faults.push(`${metric ?? 'nothing'} has no label ${token}`);
      const value = (tokens[index + 2] ?? '').slice(1, -1);
      if (!/^(=|!=)$/.test(after) || !values[token]?.includes(value)) faults.push(`${token} is never ${value}`);
    } else if (words.has(token)) return;
    else if (after === '(' || ((after === 'by' || after === 'without') && functions.has(token))) { if (!functions.has(token)) faults.push(`no function ${token}`); }
    else if (known.has(token)) { metric = token; used.push(token); }
    else faults.push(`no metric ${token}`);
  });
  if (open.length > 0) faults.push(`${open.join('')} is not closed`);
  if (used.length === 0) faults.push('no metric at all');
  for (const label of grouped) if (!used.some((name) => known.get(name)?.has(label))) faults.push(`none of ${used.join(', ')} has the label ${label}`);
  return faults;
}

test.each(expressions)('%s: metrics, labels and their values exist', (_, expression) => { expect(faultsOf(expression)).toEqual([]); });

test.each([
  ['tidewaiter_lag_record > 0', 'no metric tidewaiter_lag_record'], ['sum by (office) (tidewaiter_lag_records)', 'none of tidewaiter_lag_records has the label office'],
  ['tidewaiter_alarms{check="selfcheck"} > 0', 'check is never selfcheck'], ['tidewaiter_ready{topic="x"}', 'tidewaiter_ready has no label topic'], ['rat(tidewaiter_ready[5m])', 'no function rat'],
  ['sum(tidewaiter_ready', '( is not closed'], ['tidewaiter_batch_seconds > 1', 'no metric tidewaiter_batch_seconds'], ['tidewaiter_records_refused_total{code="E-NO-SUCH"}', 'code is never E-NO-SUCH'],
])('a mistake is seen: %s', (expression, fault) => { expect(faultsOf(expression)).toContain(fault); });

test('counters are read as rates, but where a panel shows a sum of all time', () => {
  const counters = metrics.filter(({ type }) => type === 'counter').map(({ name }) => name);
  const bare = expressions.filter(([, expression]) => counters.some((name) => new RegExp(`${name}(\\{[^}]*\\})?(?!\\S*\\[)`).test(expression))).map(([name]) => name);
  expect(bare).toEqual(['exactness.json Refused by code, of all time']);
});

test('every alert has a severity, a summary, and a runbook that is in the list of runbooks', () => {
  const list = text('infra/runbooks/README.md');
  expect(rules.length).toBeGreaterThan(10);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    const runbook = annotations['runbook'] ?? '';
    expect({ alert, runbook, exists: runbook.startsWith('infra/runbooks/') && existsSync(join(root, runbook)) && list.includes(`](${runbook.slice('infra/runbooks/'.length)})`) }).toMatchObject({ exists: true });
    expect(['page', 'ticket']).toContain(labels['severity']);
    expect(annotations['summary']).toBeTruthy();
    for (const [, label] of (annotations['summary'] ?? '').matchAll(/\$labels\.([a-z]+)/g)) expect({ alert, label, exists: [...known.values()].some((labelsOf) => labelsOf.has(label ?? '')) }).toMatchObject({ exists: true });
  }
});

test('names follow Prometheus: unit and kind at the end, labels from closed sets', () => {
  for (const { name, type, labels } of metrics) {
    expect({ name, counter: name.endsWith('_total') }).toEqual({ name, counter: type === 'counter' });
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    expect(name).not.toMatch(/_(ms|milliseconds|minutes)(_|$)/);
    for (const label of labels) expect(['state', 'check', 'topic', 'partition', 'code', 'script', 'outcome', 'epoch', 'book']).toContain(label);
  }
});

test('the table of metrics is made from the metrics: run "node dist/scripts/metrics-table.js" when it is not', () => {
  expect(withMetrics(text('services/shell/metrics/README.md'))).toBe(text('services/shell/metrics/README.md'));
});

test('dashboards: ids once, the provisioned data source, and the variable asks for a metric that is there', () => {
  const uid = (parse(text('infra/grafana/provisioning/datasources/prometheus.yml')) as { datasources: { uid: string }[] }).datasources[0]?.uid;
  expect(new Set(boards.map(({ board }) => board.uid)).size).toBe(3);
  for (const { board } of boards) {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    for (const { datasource } of board.panels) expect(datasource.uid).toBe(uid);
    for (const { query } of board.templating.list) expect(known.has(/^label_values\(([a-z_]+), [a-z]+\)$/.exec(query.query)?.[1] ?? '')).toBe(true);
  }
});

test('Prometheus asks every service, under the job that the rules name', () => {
  const { scrape_configs: [job], rule_files: files } = parse(text('infra/prometheus/prometheus.yml')) as { scrape_configs: [{ job_name: string; static_configs: [{ targets: string[] }] }]; rule_files: string[] };
  expect([job.job_name, files]).toEqual(['tidewaiter', ['alerts.yml']]);
  expect(job.static_configs[0].targets.map((target) => target.split(':')[0])).toEqual(allServices);
});
