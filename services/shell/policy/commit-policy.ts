/** When positions go to the group: by time while there is work, at once when there is none. Takes the time as an argument. */
export interface CommitState { readonly lastCommitMs: number; readonly dirtySinceMs: number | undefined }

export function shouldCommit(state: CommitState, nowMs: number, idle: boolean, intervalMs: number): boolean {
  if (state.dirtySinceMs === undefined) return false;
  if (nowMs - state.lastCommitMs >= intervalMs) return true;
  return idle && nowMs - state.dirtySinceMs >= intervalMs / 10;
}
