import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../shell/project-root';
import { Texts } from '../texts';
import { kinds, lightOf, type LightFacts } from './light';

const service = { name: 'enrich', pid: 7, state: 'running', lag: { 0: 0 }, newestEventAt: null };
const books = { raw: 10, counted: 10, leftOut: 0, refused: 0, ignored: 0, balanced: true, leftOutByCode: {}, refusedByCode: {} };
const facts = (over: Partial<NonNullable<LightFacts['status']>> = {}, more: Partial<LightFacts> = {}): LightFacts => ({ status: { services: [service], books, drained: true, outside: [], ...over }, catchingUp: false, away: [], ...more });
const texts = new Texts();
const seen = (given: LightFacts): string[] => {
  const { level, findings } = lightOf(given, (key, values) => texts.all(key, values));
  return [level, ...findings.map(({ code }) => code)];
};

test('all is well: green, and nothing is said', () => { expect(seen(facts())).toEqual(['green']); });

test.each<[string, LightFacts, string[]]>([
  ['a service that is down', facts({ services: [{ ...service, state: 'down' }] }), ['red', 'service-down']],
  ['one of several processes that does not answer', facts({ services: [{ ...service, state: 'silent', replicas: 3, reason: 'nobody listens (10.0.0.3:9464)' }] }), ['red', 'replica-silent']],
  ['one that says nothing', facts({ services: [{ ...service, state: 'silent' }] }), ['red', 'service-silent']],
  ['one that waits', facts({ services: [{ ...service, state: 'waiting', reason: 'kafka does not answer' }] }), ['amber', 'service-waiting']],
  ['a stopped partition', facts({ services: [{ ...service, stoppedPartitions: { 'a/0': 'a hole' } }] }), ['red', 'partition-stopped']],
  ['an alarm', facts({ services: [{ ...service, alarms: { check: 'revenue disagrees' } }] }), ['red', 'alarm']],
  ['a position outside its log', facts({ outside: ['a/0'] }), ['red', 'outside-log']],
  ['books that do not balance, with nothing on its way', facts({ books: { ...books, balanced: false } }), ['red', 'books']],
  ['books that cannot balance yet', facts({ books: { ...books, balanced: false }, drained: false }), ['green']],
  ['figures that are being rebuilt', facts({}, { catchingUp: true }), ['amber', 'catching-up']],
  ['a minute of lag', facts({ services: [{ ...service, lagSeconds: 60 }] }), ['green']],
  ['more than a minute', facts({ services: [{ ...service, lagSeconds: 61 }] }), ['amber', 'lag']],
  ['a neighbour that is away', facts({}, { away: ['redis does not answer'] }), ['red', 'neighbour-away']],
  ['nobody who answers', { status: undefined, catchingUp: false, away: [] }, ['amber', 'status-unknown']],
])('%s', (_what, given, expected) => { expect(seen(given)).toEqual(expected); });

test('findings name what they are about in both languages, and nothing is left to fill in', () => {
  const [finding] = lightOf(facts({ services: [{ ...service, state: 'halted', reason: 'too many refusals' }] }), (key, values) => texts.all(key, values)).findings;
  expect(finding?.text.en).toBe('enrich has halted: too many refusals');
  expect(finding?.text.fr).toBe('enrich est arrêté sur incident : too many refusals');
});

test('every finding has its words in every language, and its runbook is there', () => {
  for (const [code, { runbook }] of Object.entries(kinds)) {
    const words = texts.all(`finding.${code}`, {});
    expect(Object.values(words)).not.toContain(`finding.${code}`);
    if (runbook !== undefined) expect({ runbook, exists: existsSync(join(projectRoot(), 'infra/runbooks', `${runbook}.md`)) }).toMatchObject({ exists: true });
  }
});
