/** Whether everything in the raw topic has reached the figures: read in the order of the flow, so that nothing slips past. */
import { parsePosition } from '../domain/position';
import { countedTopic, flow, rawTopic, type TopicName } from '../topology';
import type { FigureReader } from './figure-store';
import type { LogInspector } from './ports';
import { readPositions } from './read-positions';
import { outsideOf, type LogRange } from './stop-reasons';

/** `outside`: the position is not in the log, in words. Such a partition is stopped, and how many records it lacks cannot be known. */
export interface Behind { readonly records: number; readonly outside?: string }
export interface Backlog extends Behind { readonly stage: string; readonly topic: TopicName; readonly partition: number }

/** How far a position is behind its log. One outside the log is behind whatever the numbers say, by one record or more. */
export function behind(range: LogRange, next: number | undefined): Behind {
  const outside = outsideOf(range, next);
  const from = next ?? range.start;
  if (outside === undefined) return { records: range.end - from };
  return { records: Math.max(1, from > range.end ? from - range.end : range.end - Math.max(0, from)), outside };
}

/** What is left to do; empty when drained. Markers and holes at a topic's end count as covered once the stage's position is behind them. */
export async function backlog(inspector: LogInspector, reader: FigureReader): Promise<Backlog[]> {
  const left: Backlog[] = [];
  const look = (stage: string, topic: TopicName, partition: number, range: LogRange, next: number | undefined): void => {
    const lag = behind(range, next);
    if (lag.records > 0) left.push({ stage, topic, partition, ...lag });
  };
  for (const stage of flow) {
    const ranges = await inspector.offsets(stage.input);
    const committed = await inspector.committed(stage.name, stage.input);
    for (const { partition, ...range } of ranges) look(stage.name, stage.input, partition, range, committed.find((position) => position.partition === partition)?.offset);
  }
  const { inputs } = reader;
  const counting = inputs.includes(countedTopic) ? 'aggregate' : 'replay';
  const ends = await Promise.all(inputs.map(async (topic) => ({ topic, ranges: await inspector.offsets(topic) })));
  const positions = await readPositions(reader);
  for (const { topic, ranges } of ends) {
    for (const { partition, ...range } of ranges) {
      const text = positions.find((position) => position.topic === topic && position.partition === partition)?.position ?? '';
      look(counting, topic, partition, range, parsePosition(text)?.next);
    }
  }
  const waiting = await reader.changesLength();
  if (waiting > 0) left.push({ stage: 'publish', topic: rawTopic, partition: 0, records: waiting });
  return left;
}
