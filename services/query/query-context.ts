import { Calendar } from '../domain/period';
import type { QueryContext } from './answer-query';
import type { ReferenceSet } from '../reference/types';
import type { Config } from '../shell/config';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';

/** What answering questions about the figures of this installation takes. */
export function queryContext(config: Config): QueryContext {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  let reference: ReferenceSet | undefined;
  return {
    cubes: readCubes(), calendar: new Calendar(profile.timeZone), currency: profile.currency, minorUnits: profile.minorUnits,
    graceMs: profile.finalGraceMinutes * 60_000, definitionsAt: (atMs) => (reference ??= readReferenceSet(profile)).at(atMs).definitions, nowMs: Date.now(),
  };
}
