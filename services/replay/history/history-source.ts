/**
 * A member of a replay's group that reads what the log does not have any more from the archive, and goes on with the log
 * where that ends. Who owns a partition is the group's business; the partition is only told to wait meanwhile.
 */
import type { CommittedPosition, FetchedBatch, Source, SourceHandlers, StartPosition, TopicPartition, TroubleListener } from '../../shell/ports';
import { backoffMs, delay } from '../../shell/waiting';

type Place = TopicPartition & { readonly offset: number };

/** Where records from an offset on are to be had now. `end`: the archive alone is read, and ends there. `hole`: neither has them, which the stage judges. */
export type Whereabouts = 'archive' | 'log' | 'end' | 'hole';
export interface HistoryPlaces {
  whereabouts(place: Place): Promise<Whereabouts>;
  /** Batches that join, to the end of what is archived. */
  archived(place: Place): AsyncIterable<FetchedBatch>;
  close(): Promise<void>;
}

interface Reading { given: boolean; at: number; readonly ended: Promise<void>; readonly end: () => void }

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
const FROM_ARCHIVE = 'is read from the archive first';
const ARCHIVE_ENDS = 'the archive, which alone is read, ends here';

export class HistorySource implements Source {
  private handlers: SourceHandlers | undefined;
  private readonly readings = new Map<string, Reading>();
  private generation = 0;

  constructor(private readonly inner: Source, private readonly places: HistoryPlaces, private readonly onTrouble: TroubleListener) {}

  start(handlers: SourceHandlers): Promise<void> {
    this.handlers = handlers;
    return this.inner.start({
      revoked: () => { this.giveAllUp(); handlers.revoked(); },
      assigned: (partitions, committed) => this.assigned(partitions, committed),
      fetched: (batch) => this.fromLog(batch),
    });
  }

  private async assigned(partitions: readonly TopicPartition[], committed: readonly CommittedPosition[]): Promise<readonly StartPosition[]> {
    const { generation } = this;
    for (const target of partitions) this.giveUp(keyOf(target));
    const starts = await this.handlers!.assigned(partitions, committed);
    const whereabouts = await Promise.all(starts.map(async (start): Promise<Whereabouts> => ('offset' in start ? this.places.whereabouts(start) : 'log')));
    if (generation !== this.generation) return [];
    return starts.map((start, index): StartPosition => {
      const { topic, partition } = start;
      if (whereabouts[index] === 'archive') void this.read(start as Place);
      switch (whereabouts[index]) {
        case 'archive': return { topic, partition, stopped: FROM_ARCHIVE };
        case 'end': return { topic, partition, stopped: ARCHIVE_ENDS };
        default: return start;
      }
    });
  }

  /** What the log brings while the archive is read comes again afterwards: its partition waits. */
  private async fromLog(batch: FetchedBatch): Promise<void> {
    const reading = this.readings.get(keyOf(batch));
    await (reading ? reading.ended : this.handlers!.fetched(batch));
  }

  /** From wherever the records are to be had, until the log has them. */
  private async read(place: Place): Promise<void> {
    const key = keyOf(place);
    this.giveUp(key);
    const reading = newReading(place.offset);
    this.readings.set(key, reading);
    for (let attempt = 0; !reading.given; attempt++) {
      const at = { ...place, offset: reading.at };
      try {
        const where = await this.places.whereabouts(at);
        if (reading.given) return;
        if (attempt > 0) this.onTrouble(undefined);
        if (where !== 'archive') return this.leave(key, at, where);
        await this.readArchive(at, reading);
        attempt = -1;
      } catch (error) {
        if (reading.given) return;
        this.onTrouble(`${key} cannot be read from the archive yet: ${(error as Error).message}`);
        await delay(backoffMs(attempt));
      }
    }
  }

  private async readArchive(place: Place, reading: Reading): Promise<void> {
    for await (const batch of this.places.archived(place)) {
      if (reading.given) return;
      reading.at = batch.next;
      await this.handlers!.fetched(batch);
    }
  }

  private async leave(key: string, place: Place, where: Whereabouts): Promise<void> {
    this.giveUp(key);
    if (where === 'log') this.inner.seek(place);
    if (where === 'hole') await this.handlers!.assigned([{ topic: place.topic, partition: place.partition }], []);
  }

  private giveUp(key: string): void {
    const reading = this.readings.get(key);
    if (!reading) return;
    this.readings.delete(key);
    reading.given = true;
    reading.end();
  }

  private giveAllUp(): void {
    this.generation++;
    for (const key of [...this.readings.keys()]) this.giveUp(key);
  }

  commit(positions: readonly CommittedPosition[]): Promise<void> { return this.inner.commit(positions); }
  restart(reason: string): void { this.inner.restart(reason); }
  seek(place: Place): void { void this.read(place); }

  async stop(): Promise<void> {
    this.giveAllUp();
    await this.inner.stop();
    await this.places.close();
  }
}

function newReading(at: number): Reading {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => { end = resolve; });
  return { given: false, at, ended, end };
}
