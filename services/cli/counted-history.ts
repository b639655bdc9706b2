/** For commands that hold the figures of a replay against its ledger. */
import { historyLeft } from '../replay/replay-manifest';
import type { FigureReader } from '../shell/figure-store';
import { readOffsets } from '../shell/read-positions';
import { CommandFailure, exitCodes } from './failure';
import type { Neighbours } from './neighbours';

/** Pieces of history are carried out in steps: between two of them figures and ledger say different things. @throws CommandFailure */
export async function mustHaveItsHistory(neighbours: Neighbours, reader: FigureReader): Promise<void> {
  const { replay } = await neighbours.meant();
  const left = replay ? historyLeft(replay, await neighbours.redisCall(readOffsets(reader))) : 0;
  if (replay && left > 0) throw new CommandFailure(`${replay.name} is being counted, ${left} records of its history are left: ask again once they are`, exitCodes.catchingUp);
}
