import { offsetsOf } from '../domain/figure-status';
import type { FigureReader, PositionOf } from './figure-store';
import type { LogInspector } from './ports';
import type { TopicName } from '../topology';

type Positions = Pick<FigureReader, 'readFigures'>;

/** How far the figures have been counted, topic partition by topic partition, without any figure. */
export async function readPositions(reader: Positions): Promise<readonly PositionOf[]> {
  const answer = await reader.readFigures([], 0);
  return 'positions' in answer ? answer.positions : [];
}

/** The same as offsets by `topic/partition`. */
export const readOffsets = async (reader: Positions): Promise<Readonly<Record<string, number>>> => offsetsOf(await readPositions(reader));

/** Records of some topics that figures have not counted yet, of each partition and of all. `offsets`: how far they have been counted, by `topic/partition`. */
export async function recordsBehind(inspector: Pick<LogInspector, 'offsets'>, topics: readonly TopicName[], offsets: Readonly<Record<string, number>>): Promise<{ readonly all: number; readonly ofPartitions: readonly number[] }> {
  const ofPartitions: number[] = [];
  for (const topic of topics) for (const { partition, start, end } of await inspector.offsets(topic)) ofPartitions.push(Math.max(0, end - (offsets[`${topic}/${partition}`] ?? start)));
  return { all: ofPartitions.reduce((sum, behind) => sum + behind, 0), ofPartitions };
}
