// Boundaries and promises. The folder rules of STYLE.md are in dependency-cruiser.cjs beside this file.
import { resolve } from 'node:path';
import tseslint from 'typescript-eslint';

// Units of time and names of layouts are no bounds.
const bounds = [
  { selector: 'VariableDeclarator[id.name=/_(MS|ENTRIES|RECORDS|HASHES|SETS|ANSWERS)$/][id.name!=/^(MINUTE|HOUR|DAY|SLOT)_MS$/] > Literal.init', message: 'A bound stands in services/limits.ts, with its unit.' },
  { selector: 'Property[key.name=/(Timeout|RetryTime)$/] > Literal.value', message: 'A bound stands in services/limits.ts, with its unit.' },
];
const named = { selector: 'ExportAllDeclaration', message: 'Name what you export.' };

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.tidewaiter/**', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: resolve(import.meta.dirname, '..') } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', named],
    },
  },
  {
    files: ['services/**/*.ts'],
    ignores: ['**/*.spec.ts', 'services/generate/**'],
    rules: { 'no-restricted-syntax': ['error', named, ...bounds] },
  },
  {
    files: ['services/{shell,publish,feed,stack}/**/*.ts'],
    // Where an instant is meant: what another process or a person reads, record timestamps, clocks that are compared, the clocks of the servers in memory.
    ignores: ['**/*.spec.ts', 'services/shell/service-state.ts', 'services/shell/states/state-files.ts', 'services/shell/metrics/prometheus.ts', 'services/shell/kafka/kafkajs-patches.ts', 'services/shell/kafka/broker-clocks.ts', 'services/shell/memory/memory-broker.ts', 'services/shell/memory/memory-figures.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'The wall clock may be set back an hour: durations and deadlines are of monotonicMs (services/shell/waiting.ts).' }],
    },
  },
  {
    files: ['services/*/decide.ts', 'services/domain/**/*.ts', 'services/reference/**/*.ts', 'services/screening/**/*.ts', 'services/aggregate/piece.ts', 'services/publish/cells.ts', 'services/publish/pending.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Settings arrive as data.' }, { name: 'setTimeout', message: 'Decisions are synchronous.' }, { name: 'console', message: 'Decisions answer; they do not print.' }],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Time arrives as data.' }, { object: 'Math', property: 'random', message: 'Ids arrive as data.' }],
      'no-restricted-syntax': ['error', named, ...bounds, { selector: 'AwaitExpression', message: 'Decisions are synchronous.' }, { selector: ':function[async=true]', message: 'Decisions are synchronous.' }],
    },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off', '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/no-unsafe-call': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
);
