import { limits } from '../limits';
import type { CommittedPosition, Source } from './ports';
import { monotonicMs } from './waiting';

/**
 * Whether a process is still a member of its group. One that has slept longer than its session may have been put out
 * without having heard of it; the others may decide by newer reference data already, and what the sleeper sends then
 * contradicts them: an alert that no figure counts. The broker checks members where they commit.
 */
export class Membership {
  private provenMs = -Infinity;

  constructor(private readonly source: Source) {}

  /** @throws when the group does not take the positions */
  async commit(positions: readonly CommittedPosition[]): Promise<void> {
    const askedMs = monotonicMs();
    await this.source.commit(positions);
    this.provenMs = askedMs;
  }

  get doubtful(): boolean { return monotonicMs() - this.provenMs >= limits.sessionTimeoutMs; }
}
