/**
 * The real parts that contract tests may use: TIDEWAITER_TEST_STACK, JSON with brokers, registryUrl and
 * redisUrl. Without it, tests on real parts are shown as skipped.
 */
export interface TestStack { readonly brokers: readonly string[]; readonly registryUrl: string; readonly redisUrl: string }

const given = process.env['TIDEWAITER_TEST_STACK'];
export const testStack: TestStack | undefined = given ? (JSON.parse(given) as TestStack) : undefined;

/** `describe` on the real stack, `describe.skip` without one. */
export const describeOnStack = testStack ? describe : describe.skip;

/** Only inside `describeOnStack`. */
export function requireStack(): TestStack {
  if (!testStack) throw new Error('TIDEWAITER_TEST_STACK is not set');
  return testStack;
}
