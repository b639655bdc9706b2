import type { InForce, Profile } from '../reference/types';

/** What judges one declaration: the definitions in force when it was accepted, and the authority's profile. */
export interface AppliedRules {
  readonly inForce: InForce;
  readonly profile: Profile;
  /** The moment that decides (acceptance; while lodged, occurrence), ms. */
  readonly atMs: number;
}
