/** One stage in all the reference sets that it may have to decide with. */
import { limits } from '../limits';
import type { ReferenceSet } from '../reference/types';
import type { ReferenceFollower } from './reference-follower';
import type { Stage } from './stage';

export interface StageVersions<Input, Addition> {
  /** Decides with the newest reference set. */
  latest(): Stage<Input, Addition>;
  /** Decides with the set that a commit names. Undefined: it cannot be made again, as the built-in documents of an earlier release. */
  named(digest: string): Promise<Stage<Input, Addition> | undefined>;
  stop(): Promise<void>;
}

/** A stage that uses no reference data. */
export const constantStage = <Input, Addition>(stage: Stage<Input, Addition>): StageVersions<Input, Addition> => ({ latest: () => stage, named: async () => stage, stop: async () => undefined });

/** A stage for each reference set, made when it is needed; those not asked for lately are let go, and made again if they ever are. */
export function stageByReference<Input, Addition>(follower: ReferenceFollower, make: (reference: ReferenceSet) => Stage<Input, Addition>): StageVersions<Input, Addition> {
  const stages = new Map<string, Stage<Input, Addition>>();
  const stageOf = (reference: ReferenceSet): Stage<Input, Addition> => {
    const stage = stages.get(reference.digest) ?? make(reference);
    stages.delete(reference.digest);
    stages.set(reference.digest, stage);
    for (const oldest of stages.keys()) if (stages.size > limits.referenceSetsKept) stages.delete(oldest);
    return stage;
  };
  return {
    latest: () => stageOf(follower.catalogue.latest),
    async named(digest) {
      await follower.knows(digest, limits.referenceKnownWithinMs);
      const reference = follower.catalogue.byDigest(digest);
      return reference && stageOf(reference);
    },
    stop: () => follower.stop(),
  };
}
