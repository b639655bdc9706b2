/**
 * Writes cells to their topics: values as of one moment, one send, then the copy of what subscribers have.
 * It numbers the revisions: they continue the log itself (decisions/0006), so they rise whatever Redis lost.
 */
import { cellField, cellHash } from '../domain/cubes';
import { periodStatus } from '../domain/period-status';
import { publishedTopics, type TopicName, type View } from '../topology';
import { readDefinitionsByMonth } from '../shell/applied-definitions';
import type { CellRequest, FigureReader, PositionOf } from '../shell/figure-store';
import type { Log, OutgoingRecord, Sink } from '../shell/ports';
import { cellDigest, cellRecord, closedState, GENERATION_KEY, measuresOf, parseRecordKey, POSITIONS_KEY, reservedRecord, type GenerationMarker, type CellAddress, unitsOf, type CellState, type RecordContext, type RecordStamp } from './cells';
import type { ClosedMonths } from './closed-months';
import type { DueCell } from './pending';
import type { PublishCodec } from './publish-codec';
import type { Place } from './read-back';
import { snapshotOf, type Snapshot } from './snapshot';
import { union, type TopicCopy } from './topic-copy';

export interface CellWriterRuntime {
  readonly log: Log;
  readonly reader: FigureReader;
  readonly codec: PublishCodec;
  readonly closedMonths: ClosedMonths;
  readonly context: RecordContext;
  readonly partitions: number;
  /** How often the live figures had changed their namespace before these. */
  readonly generation: number;
  /** How long after its end a period stays open for late events (ms). */
  readonly graceMs: number;
}

export class CellWriter {
  private readonly nextRevision = new Map<string, number>();
  /** Everything appended to the raw topic before this broker time has been counted. */
  confirmedThroughMs = 0;
  private definitions: ReadonlyMap<string, string> = new Map<string, string>();

  constructor(private readonly runtime: CellWriterRuntime, private readonly sink: Sink, private readonly copy: TopicCopy, private readonly writer: string) {}

  /** Revisions of a log go on at least at `offset`. */
  raise({ topic, partition }: Place, offset: number): void {
    const log = `${topic}/${partition}`;
    this.nextRevision.set(log, Math.max(this.nextRevision.get(log) ?? 0, offset));
  }
  forgetRevisions(): void { this.nextRevision.clear(); }
  get knowsRevisions(): boolean { return this.nextRevision.size > 0; }

  private takeRevision({ topic, partition }: Place): number {
    const log = `${topic}/${partition}`;
    const revision = this.nextRevision.get(log) ?? 0;
    this.nextRevision.set(log, revision + 1);
    return revision;
  }

  private placeOf(view: View, key: string): Place {
    return { topic: publishedTopics[view] as TopicName, partition: this.runtime.log.partitionOf(key, this.runtime.partitions) };
  }

  private stamp(revision: number, { streamTimeMs, offsets }: Snapshot): RecordStamp {
    return { revision, generation: this.runtime.generation, writer: this.writer, streamTimeMs, sourceOffsets: offsets, definitions: this.definitions };
  }

  /** Publishes those cells that differ from what the topic has; answers how many. All are acknowledged when it returns. */
  async publish(due: readonly DueCell[]): Promise<number> {
    /** Before the values: what decided them is then named. */
    this.definitions = await readDefinitionsByMonth(this.runtime.reader);
    const { states, snapshot } = await this.readStates(due);
    const outgoing: OutgoingRecord[] = [];
    const sent: { key: string; state: CellState; revision: number; digest: string }[] = [];
    states.forEach((state, index) => {
      if (!state) return;
      const { key } = due[index] as DueCell;
      const digest = cellDigest(state);
      if (this.copy.cell(key)?.digest === digest) return;
      const place = this.placeOf(state.address.view, key);
      const revision = this.takeRevision(place);
      outgoing.push({ ...place, key, value: this.runtime.codec.encode(place.topic, cellRecord(state, this.stamp(revision, snapshot), this.runtime.context)) });
      sent.push({ key, state, revision, digest });
    });
    await this.sink.send(outgoing);
    for (const { key, state, revision, digest } of sent) {
      this.copy.put(key, revision, digest, unitsOf(state.measures), state.status !== 'PROVISIONAL', this.endOf(state.address));
    }
    return sent.length;
  }

  private endOf({ grain, period }: CellAddress): number { return this.runtime.context.calendar.rangeOf(grain, period)?.toMs ?? 0; }

  private async readStates(due: readonly DueCell[]): Promise<{ states: (CellState | undefined)[]; snapshot: Snapshot }> {
    const addresses = due.map(({ key }) => addressOf(key));
    const measures = due.map(({ key, units }, index) => measuresOf((addresses[index] as CellAddress).view, union(this.copy.cell(key)?.units ?? [], units)));
    const requests = addresses.map(({ view, combination, grain, period, name }, index): CellRequest => ({
      hash: cellHash(view, combination, grain, period),
      fields: (measures[index] as string[]).map((measure) => cellField(name, measure)),
    }));
    const { sums, positions } = await this.sumOverShards(requests);
    const snapshot = snapshotOf(positions);
    const frozen = await this.frozenValues(addresses, requests);
    let at = 0;
    const states = addresses.map((address, index): CellState | undefined => {
      const names = measures[index] as string[];
      const values = sums.slice(at, (at += names.length));
      const signedOff = frozen[index];
      if (signedOff === 'unreadable') return undefined;
      if (signedOff) return closedState(address, names, values, signedOff);
      /** What was told to be final stays so, also where other figures are live that have not confirmed as much yet (exactness §17). */
      const isFinal = this.copy.cell((due[index] as DueCell).key)?.final === true || periodStatus(this.endOf(address), snapshot.times, this.confirmedThroughMs, this.runtime.graceMs) === 'final';
      return { address, measures: names, values, status: isFinal ? 'FINAL' : 'PROVISIONAL' };
    });
    return { states, snapshot };
  }

  /** Of cells in closed months what was signed off; `unreadable` while the store lacks it: such cells come again when it is restored. */
  private async frozenValues(addresses: readonly CellAddress[], requests: readonly CellRequest[]): Promise<(bigint[] | 'unreadable' | undefined)[]> {
    const byMonth = new Map<string, number[]>();
    addresses.forEach(({ period }, index) => {
      const month = this.runtime.closedMonths.monthOf(period);
      if (month !== undefined) byMonth.set(month, [...(byMonth.get(month) ?? []), index]);
    });
    const frozen: (bigint[] | 'unreadable' | undefined)[] = addresses.map(() => undefined);
    for (const [month, indices] of byMonth) {
      const values = await this.runtime.closedMonths.values(month, indices.map((index) => requests[index] as CellRequest));
      indices.forEach((index, order) => { frozen[index] = values?.[order] ?? 'unreadable'; });
    }
    return frozen;
  }

  private async sumOverShards(requests: readonly CellRequest[]): Promise<{ sums: bigint[]; positions: PositionOf[] }> {
    const sums: bigint[] = [];
    const positions: PositionOf[] = [];
    for (let shard = 0; shard < this.runtime.reader.shards; shard++) {
      const answer = await this.runtime.reader.readCells(shard, requests);
      positions.push(...answer.positions);
      answer.values.forEach((value, index) => { sums[index] = (sums[index] ?? 0n) + BigInt(value ?? 0); });
    }
    return { sums, positions };
  }

  /** A cell that no figure stands behind any more: a zero record for those who read on, then a tombstone. */
  async withdraw(key: string): Promise<void> {
    const cell = this.copy.cell(key);
    if (!cell) return;
    await this.publish([{ key, units: cell.units }]);
    const place = this.placeOf(addressOf(key).view, key);
    this.takeRevision(place);
    await this.sink.send([{ ...place, key, value: null, headers: [{ key: 'writer', value: Buffer.from(this.writer) }] }]);
    this.copy.remove(key);
  }

  /** True where a log does not hold the figures of this generation yet. */
  get changesOver(): boolean { return this.logs().some(({ topic, partition }) => this.copy.generationOf(`${topic}/${partition}`) < this.runtime.generation); }

  /** A marker on every partition of every topic; those behind an end that was read back are told again: subscribers know it by its generation. */
  async mark(kind: GenerationMarker, snapshot: Snapshot): Promise<void> {
    await this.sink.send(this.logs().map((place): OutgoingRecord => ({
      ...place, key: GENERATION_KEY, value: this.runtime.codec.encode(place.topic, reservedRecord(kind, place.view, this.stamp(this.takeRevision(place), snapshot), this.runtime.context)),
    })));
    if (kind === 'GENERATION_END') for (const { topic, partition } of this.logs()) this.copy.endGeneration(`${topic}/${partition}`, this.runtime.generation);
  }

  private logs(): (Place & { readonly view: View })[] {
    return (Object.entries(publishedTopics) as [View, TopicName][]).flatMap(([view, topic]) => Array.from({ length: this.runtime.partitions }, (_, partition) => ({ view, topic, partition })));
  }

  /** The source positions that the topics reflect, as a record on each; answers the earliest broker time of their appends. */
  async publishPositions(snapshot: Snapshot): Promise<number> {
    const outgoing = (Object.keys(publishedTopics) as View[]).map((view): OutgoingRecord => {
      const place = this.placeOf(view, POSITIONS_KEY);
      const revision = this.takeRevision(place);
      this.copy.putPositions(revision, snapshot.offsets);
      return { ...place, key: POSITIONS_KEY, value: this.runtime.codec.encode(place.topic, reservedRecord('POSITIONS', view, this.stamp(revision, snapshot), this.runtime.context)) };
    });
    const acknowledged = await this.sink.send(outgoing);
    return Math.min(...acknowledged.map(({ logAppendTime }) => logAppendTime));
  }
}

function addressOf(key: string): CellAddress {
  const address = parseRecordKey(key);
  if (!address) throw new Error(`${key} is not the key of a cell`);
  return address;
}
