/**
 * Months that were signed off, as the publisher knows them: from their topic, which is the truth. What the store
 * lacks of them, after a failover or emptied, is restored before a cell of such a month is published.
 */
import { closingMonthOf, hashesOfMonth, type Seal } from '../closing/closed-period';
import type { ClosedRecords } from '../closing/closed-records';
import { notRestored, restore } from '../closing/restore';
import { publishedGrains, withGrains, type Cubes } from '../domain/cubes';
import type { Calendar } from '../domain/period';
import { limits } from '../limits';
import type { ClosedStore } from '../shell/closed-store';
import type { CellRequest } from '../shell/figure-store';
import type { LogInspector } from '../shell/ports';
import { closedTopic } from '../topology';
import { cellsOf, unitsOf } from './cells';

export interface ClosedMonthsPorts { readonly store: ClosedStore; readonly records: ClosedRecords; readonly cubes: Cubes; readonly calendar: Calendar }

export class ClosedMonths {
  private seals = new Map<string, Seal>();
  private readEnd = -1;

  constructor(private readonly ports: ClosedMonthsPorts) {}

  /** The closed month that a period of months or days lies in. */
  monthOf(period: string): string | undefined {
    const month = period.slice(0, 7);
    return period.length <= DAY_LENGTH && this.seals.has(month) ? month : undefined;
  }

  /** Looks at the topic and the store; answers the months whose cells must be looked at anew: closed or restored just now. @throws when the topic contradicts itself. */
  async look(inspector: LogInspector): Promise<string[]> {
    const { records, store } = this.ports;
    const end = (await inspector.offsets(closedTopic))[0]?.end ?? 0;
    const before = this.seals;
    if (end !== this.readEnd) {
      this.seals = await records.readSeals(inspector);
      this.readEnd = end;
    }
    const missing = notRestored(this.seals, await store.seals());
    if (missing.length > 0) await restore(missing, records, inspector, store);
    return [...new Set([...[...this.seals.keys()].filter((month) => !before.has(month)), ...missing.map(({ period }) => period)])];
  }

  /** Signed-off values, for each request those of its fields; undefined while the store lacks them. */
  async values(month: string, requests: readonly CellRequest[]): Promise<bigint[][] | undefined> {
    const values = await this.ports.store.readClosedCells(month, requests);
    let at = 0;
    return values && requests.map(({ fields }) => values.slice(at, (at += fields.length)).map((value) => BigInt(value ?? 0)));
  }

  /** Fields of one frozen hash; undefined where its month is not closed, or not restored yet. */
  async frozenFields(hash: string): Promise<ReadonlyMap<string, string> | undefined> {
    const month = closingMonthOf(hash);
    if (month === undefined || !this.seals.has(month)) return undefined;
    const answer = await this.ports.store.readClosed(month, [hash], limits.queryFields);
    return answer && 'tooManyFields' in answer ? undefined : answer?.[0]?.fields;
  }

  /** Keys of the records of a month's frozen cells, of those that go to a topic, with the units of their quantities. */
  async *keys(month: string): AsyncIterable<{ readonly key: string; readonly units: readonly string[] }> {
    for (const hash of hashesOfMonth(withGrains(this.ports.cubes, publishedGrains), this.ports.calendar, month)) {
      const frozen = await this.frozenFields(hash);
      for (const [name, measures] of frozen ? cellsOf(frozen) : []) yield { key: `${hash}|${name}`, units: unitsOf(measures.keys()) };
    }
  }
}

const DAY_LENGTH = '2026-03-15'.length;
