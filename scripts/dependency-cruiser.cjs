// Which way dependencies point (STYLE.md, Structure). A broken rule names the rule's reason.
const { existsSync, readdirSync } = require('node:fs');
// Every folder that runs as a service of its own.
const stages = `(${readdirSync('services').filter((name) => name !== 'cli' && name !== 'replay' && existsSync(`services/${name}/main.ts`)).join('|')})`;
const pure = '^services/(domain|reference|screening)/|^services/[^/]+/decide\\.ts$|^services/(aggregate/piece|publish/(cells|pending))\\.ts$';
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'pure-code-touches-nothing', severity: 'error', comment: 'decisions, domain and reference import no built-in and no client', from: { path: pure, pathNot: '\\.spec\\.ts$' }, to: { dependencyTypes: ['core'] } },
    { name: 'pure-code-knows-no-shell', severity: 'error', from: { path: pure, pathNot: '\\.spec\\.ts$' }, to: { path: '^services/(shell|cli|stack|feed)/' } },
    { name: 'shell-knows-no-stage', severity: 'error', from: { path: '^services/shell/' }, to: { path: `^services/(${stages}|cli|feed|generate|query)/` } },
    { name: 'stages-share-topics-only', severity: 'error', from: { path: `^services/${stages}/` }, to: { path: `^services/${stages}/`, pathNot: '^services/$1/' } },
    { name: 'kafkajs-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/kafka/|^scripts/examples/|^test/' }, to: { path: 'node_modules/(kafkajs|@kafkajs)' } },
    { name: 'registry-wire-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/kafka/|^test/' }, to: { path: 'node_modules/undici/' } },
    { name: 'avsc-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/avro/|^test/' }, to: { path: 'node_modules/avsc', dependencyTypesNot: ['type-only'] } },
    { name: 'ioredis-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/redis/|^test/' }, to: { path: 'node_modules/ioredis' } },
    { name: 'prom-client-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/metrics/|^test/' }, to: { path: 'node_modules/prom-client' } },
    { name: 'opentelemetry-in-one-folder', severity: 'error', from: { pathNot: '^services/shell/tracing/|^test/' }, to: { path: 'node_modules/@opentelemetry' } },
    { name: 'parquet-in-one-folder', severity: 'error', from: { pathNot: '^services/archive/parquet/|^test/' }, to: { path: 'node_modules/hyparquet' } },
    { name: 'archive-knows-ports', severity: 'error', comment: 'the log and the registry are ports, whoever stands behind them', from: { path: '^services/archive/' }, to: { path: '^services/(cli|stack|feed|generate|local)/|^services/shell/(kafka|redis|memory)/|^services/shell/connect' } },
    { name: 'web-server-in-one-folder', severity: 'error', from: { pathNot: '^services/console/|^test/' }, to: { path: 'node_modules/(fastify|@fastify|jose|openid-client)/' } },
    { name: 'console-acts-through-the-shell', severity: 'error', comment: 'the page and its interface know ports, not clients', from: { path: '^services/console/', pathNot: '\\.spec\\.ts$' }, to: { path: '^services/(cli|stack|feed|generate|local)/|^services/shell/(kafka|redis|memory)/' } },
    { name: 'examples-stand-alone', severity: 'error', comment: 'others copy them', from: { path: '^scripts/examples/' }, to: { path: '^(services|test)/' } },
    { name: 'code-knows-no-test', severity: 'error', from: { path: '^services/', pathNot: '\\.spec\\.ts$' }, to: { path: '^test/' } },
    { name: 'declared-packages-only', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: '^dist/' }, tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'] } },
};
