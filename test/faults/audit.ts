/** Everything that is not as it must be after a round, worked out again from the raw log: a sender that lost an acknowledgement has sent twice. */
import type { MadeEvent } from '../../services/generate/generate';
import type { SourceRecord } from '../../services/shell/ports';
import { flow, rawTopic, type TopicName } from '../../services/topology';
import { published, unlikeRepeats } from '../support/log-audit';
import { recount, recounted } from '../support/recount';
import { cellsOf, differencesOf } from '../support/redis-cells';
import type { RunningSystem } from '../support/running-system';

const VIEWS = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
/** The publisher answers a late record after it has been read back. */
const TRIES = 5;
const TRY_AGAIN_MS = 2_000;
const topicsRead: readonly TopicName[] = [
  ...flow.map(({ output }) => output),
  'customs.aggregates.revenue.v1', 'customs.aggregates.statistics.v1', 'customs.aggregates.precursors.v1',
];

export interface Audited { readonly records: number; readonly cells: number; readonly wrong: readonly string[] }

export class Audit {
  constructor(private readonly system: RunningSystem, private readonly sent: ReadonlyMap<string, MadeEvent>) {}

  async differences(): Promise<Audited> {
    const { system } = this;
    const raw = await this.recordsOf([rawTopic]);
    const log = raw.get(rawTopic) ?? [];
    const { expected, refused, undecodable } = recount(log, this.sent);
    const reader = system.figures();
    const all = await cellsOf(reader, VIEWS);
    await reader.close();
    const books = await this.books();
    return { records: log.length, cells: expected.size, wrong: [
      ...differencesOf(expected, recounted(all)),
      ...(books.raw === log.length && books.balanced ? [] : [`books: ${JSON.stringify(books)}, the raw log holds ${log.length}`]),
      ...(books.refused === refused + undecodable ? [] : [`refused: ${refused + undecodable} expected, ${books.refused} in the books`]),
      ...(await this.topics(all)),
    ] };
  }

  /** A machine that is busy may not answer in the time that `status` gives it. */
  private async books(): Promise<ReturnType<RunningSystem['status']>['books']> {
    for (let attempt = 1; ; attempt++) {
      const { books } = this.system.status();
      if (Object.values(books).every((count) => count !== null) || attempt === TRIES) return books;
    }
  }

  /** What a subscriber has is what the store has, and what was repeated is what was there before. */
  private async topics(cells: Awaited<ReturnType<typeof cellsOf>>): Promise<string[]> {
    for (let attempt = 1; ; attempt++) {
      const records = await this.recordsOf(topicsRead);
      const found = [...published((topic) => records.get(topic) ?? [], cells), ...unlikeRepeats((topic) => records.get(topic) ?? [])];
      if (found.length === 0 || attempt === TRIES) return found;
      await new Promise((next) => setTimeout(next, TRY_AGAIN_MS));
    }
  }

  private async recordsOf(topics: readonly TopicName[]): Promise<Map<TopicName, SourceRecord[]>> {
    const log = this.system.log();
    const inspector = await log.inspector();
    const records = new Map<TopicName, SourceRecord[]>();
    for (const topic of topics) {
      const list: SourceRecord[] = [];
      records.set(topic, list);
      await inspector.readAll(topic, (_partition, record) => list.push(record));
    }
    await inspector.close();
    await log.close();
    return records;
  }
}
