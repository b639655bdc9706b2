/**
 * Reads two namespaces' ledgers side by side, bucket by bucket. What one of them has not come to yet is no difference: a
 * declaration whose version in force differs counts only where both are known to have passed the other's record.
 */
import { contribution } from '../../domain/contribution';
import type { CountedFacts } from '../../domain/facts';
import { markKey, parsePosition } from '../../domain/position';
import type { FigureReader, LedgerStore } from '../../shell/figure-store';
import type { LedgerEntries } from '../../shell/ledger-entries';
import { readPositions } from '../../shell/read-positions';
import { walkLedger } from '../../shell/walk-ledger';
import { countedTopic } from '../../topology';
import type { Comparison } from './comparison';

export interface ComparedNamespace { readonly reader: FigureReader; readonly ledger: LedgerStore }
export interface ComparePorts {
  readonly live: ComparedNamespace;
  readonly replayed: ComparedNamespace;
  readonly entries: LedgerEntries;
  readonly partitions: number;
  /** Of declarations that only the live figures have: where the replay begins later, they may well have come before. */
  readonly replayBeginsLater: boolean;
  /** The two are of different logs: nothing of the one is on its way to the other. */
  readonly differentLogs: boolean;
  readonly onProgress: (buckets: number, total: number) => void;
}

/** Declarations that were left out: on their way to one of the two, or older than the replay. */
export interface LeftOut { readonly moving: number; readonly older: number }

export async function compareLedgers(comparison: Comparison, { live, replayed, entries, partitions, replayBeginsLater, differentLogs, onProgress }: ComparePorts): Promise<LeftOut> {
  if (live.ledger.buckets !== replayed.ledger.buckets) throw new Error('two namespaces with different numbers of ledger buckets cannot be compared');
  let [moving, older] = [0, 0];
  await walkLedger({ partitions, buckets: live.ledger.buckets, onProgress }, async (partition, buckets) => {
    /** Before the entries: what was passed by then is in them. */
    const [passedLive, passedReplayed] = [await passedOf(live.reader, partition), await passedOf(replayed.reader, partition)];
    for (const [here, there] of await Promise.all(buckets.map((bucket) => bothOf(live, replayed, partition, bucket)))) {
      for (const id of new Set([...here.keys(), ...there.keys()])) {
        const [left, right] = [here.get(id), there.get(id)];
        if (left && right?.equals(left)) { comparison.add(id, contribution(entries.decode(left))); continue; }
        const [facts, other] = [left && entries.decode(left), right && entries.decode(right)];
        if (replayBeginsLater && !other) older++;
        else if (!differentLogs && isMoving(facts, other, passedLive, passedReplayed)) moving++;
        else comparison.add(id, facts ? contribution(facts) : [], other ? contribution(other) : []);
      }
    }
  });
  return { moving, older };
}

async function bothOf(live: ComparedNamespace, replayed: ComparedNamespace, partition: number, bucket: number): Promise<[ReadonlyMap<string, Buffer>, ReadonlyMap<string, Buffer>]> {
  const target = { topic: countedTopic, partition };
  const [here, there] = await Promise.all([live.ledger.readBucket(target, bucket), replayed.ledger.readBucket(target, bucket)]);
  return [here.entries, there.entries];
}

/** Raw partition → highest raw offset of a declaration that was counted. */
type Passed = (rawPartition: number) => number;

async function passedOf(reader: FigureReader, partition: number): Promise<Passed> {
  const marks = (await readPositions(reader)).filter((position) => position.partition === partition).map(({ position }) => parsePosition(position)?.marks ?? {});
  return (rawPartition) => Math.max(-1, ...marks.map((of) => of[markKey('declaration', rawPartition)] ?? -1));
}

function isMoving(live: CountedFacts | undefined, replayed: CountedFacts | undefined, passedLive: Passed, passedReplayed: Passed): boolean {
  if (live && replayed && live.originPartition === replayed.originPartition && live.originOffset === replayed.originOffset) return false;
  return (live !== undefined && passedReplayed(live.originPartition) < live.originOffset) || (replayed !== undefined && passedLive(replayed.originPartition) < replayed.originOffset);
}
