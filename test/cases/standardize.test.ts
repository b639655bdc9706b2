/** Every code of the standard definitions: who gets it, and who just does not. */
import { resultCodes } from '../../services/domain/result-codes';
import type { Outcome } from '../../services/domain/outcome';
import type { Standardization } from '../../services/domain/declaration';
import type { ReferenceSet } from '../../services/reference/types';
import { accepted, congo, reference, referenceWith } from '../support/declarations';
import { decideStandardize } from '../../services/standardize/decide';
import { cases, type Case } from './standardize.cases';

const sets = new Map<readonly unknown[], ReferenceSet>();
function setOf({ documents, profile = congo }: Case): ReferenceSet {
  if (documents === undefined) return profile === congo ? reference : referenceWith([], profile);
  let set = sets.get(documents);
  if (!set) sets.set(documents, (set = referenceWith(documents, profile)));
  return set;
}
const judged = (declaration: Case['when'], one: Case): Outcome<Standardization> => decideStandardize(accepted(declaration), setOf(one), one.profile ?? congo);

/** Of the declaration, its items and its tax lines, or of its refusal. */
function codesOf(outcome: Outcome<Standardization>): Set<string> {
  if (outcome.kind === 'reject') return new Set(outcome.refusals.map(({ code }) => code));
  const { codes, items } = outcome.addition;
  return new Set([...codes, ...items.flatMap((item) => [...item.codes, ...item.taxes.flatMap(({ code }) => (code === null ? [] : [code]))])]);
}

test.each(cases.map((one): [string, Case] => [one.code, one]))('%s', (code, one) => {
  const [hit, miss] = [judged(one.when, one), judged(one.unless, one)];
  expect(codesOf(hit)).toContain(code);
  expect(codesOf(miss)).not.toContain(code);
  expect(hit.kind).toBe(code.startsWith('E-') ? 'reject' : 'emit');
  /** A refusal names field and reason, and nobody. */
  if (hit.kind === 'reject') for (const { field, message } of hit.refusals) expect(`${field} ${message}`).toMatch(/^\S+ .{10,}/);
  expect(JSON.stringify(hit, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('TRADER-SECRET');
});

test('no code of this stage is without a case', () => {
  const covered = new Set<string>(cases.map(({ code }) => code));
  const own = Object.entries(resultCodes).filter(([, { stage }]) => stage === 'standardize').map(([code]) => code);
  expect(own.filter((code) => !covered.has(code))).toEqual([]);
});
