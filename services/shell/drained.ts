/** Whether everything in the raw topic has reached the figures: read in the order of the flow, so that nothing slips past. */
import { parsePosition } from '../domain/position';
import { aggregateInputs, flow, rawTopic, type TopicName } from '../topology';
import type { FigureReader } from './figure-store';
import type { LogInspector } from './ports';

export interface Backlog { readonly stage: string; readonly topic: TopicName; readonly partition: number; readonly records: number }

/** What is left to do; empty when drained. Markers and holes at a topic's end count as covered once the stage's position is behind them. */
export async function backlog(inspector: LogInspector, reader: FigureReader): Promise<Backlog[]> {
  const left: Backlog[] = [];
  for (const stage of flow) {
    const ends = await inspector.offsets(stage.input);
    const committed = await inspector.committed(stage.name, stage.input);
    for (const { partition, start, end } of ends) {
      const offset = committed.find((position) => position.partition === partition)?.offset ?? start;
      if (offset < end) left.push({ stage: stage.name, topic: stage.input, partition, records: end - offset });
    }
  }
  const ends = await Promise.all(aggregateInputs.map(async (topic) => ({ topic, ranges: await inspector.offsets(topic) })));
  const answer = await reader.readFigures([], 0);
  const positions = 'positions' in answer ? answer.positions : [];
  for (const { topic, ranges } of ends) {
    for (const { partition, start, end } of ranges) {
      const text = positions.find((position) => position.topic === topic && position.partition === partition)?.position ?? '';
      const next = parsePosition(text)?.next ?? start;
      if (next < end) left.push({ stage: 'aggregate', topic, partition, records: end - next });
    }
  }
  const waiting = await reader.changesLength();
  if (waiting > 0) left.push({ stage: 'publish', topic: rawTopic, partition: 0, records: waiting });
  return left;
}
