/**
 * The simulation is only worth what it notices: guards are taken out of a copy of the code one by one, and within a few
 * seeds a run must go wrong. `scripts/simulate --without <guard>` counts for any of them how many seeds do.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import { guardNamed, guards } from './guards';
import { patched, runMutant } from './mutant';

jest.setTimeout(300_000);

test.each(guards.flatMap(({ name, patches }) => patches.map((patch) => [name, patch] as const)))('%s: the patch fits the code', (_, patch) => {
  const text = readFileSync(join(projectRoot(), patch.file), 'utf8');
  expect(patched(text, patch)).not.toBe(text);
});

test.each([['nothing like it', 0], ['a guard, a guard', 2]])('a patch that does not fit is told: %s', (text, times) => {
  expect(() => patched(text, { file: 'some/file.ts', from: 'a guard', to: '' })).toThrow(`found ${times} times`);
});

/** Of late records the seeds see enough, but a later record of the same cell covers nearly each: test/contract/publisher.test.ts shows that guard. Each range begins shortly before a seed that notices, and goes on far enough for several. */
test.each([
  ['apply compares the token', '1..20'],
  ['apply compares the position', '3..25'],
  ['apply compares token and position', '1..20'],
  ['the ledger is read where the owner stands', '3..25'],
  ['the index of days gets what is new', '1..5'],
  ['an amendment is indexed anew', '1..10'],
  ['the ledger knows a version again', '1..5'],
  ['the ledger knows an older version', '1..5'],
  ['the overlay ends with the ledger read', '1..20'],
  ['sent before it is committed', '10..40'],
  ['no other reference set among repeats', '9..40'],
  ['acknowledged last, and reconciled', '10..40'],
  ['the topics are reconciled with the store', '15..45'],
])('without this guard a seed goes wrong: %s, of %s', async (name, seeds) => {
  const { red, output } = await runMutant(guardNamed(name).patches, ['--seeds', seeds, '--brief', '--until-red']);
  if (!red) throw new Error(`no seed noticed: ${output}`);
});

test('the copy without a patch is the code itself: no seed goes wrong', async () => {
  expect((await runMutant([], ['--seeds', '1..2', '--brief'])).red).toBe(false);
});
