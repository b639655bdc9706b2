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

/** Ranges in which several seeds notice. */
test.each([
  ['apply compares token and position', '1..20'],
])('without this guard a seed of %s %s goes wrong', async (name, seeds) => {
  const { red, output } = await runMutant(guardNamed(name).patches, ['--seeds', seeds, '--brief', '--until-red']);
  if (!red) throw new Error(`no seed noticed: ${output}`);
});

test('the copy without a patch is the code itself: no seed goes wrong', async () => {
  expect((await runMutant([], ['--seeds', '1..2', '--brief'])).red).toBe(false);
});
