/** Looks how far the live figures are behind, and whether their store has room, and tells a pace: a replay takes nothing that they need. */
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '../../limits';
import { readBooks } from '../../shell/books';
import type { Config } from '../../shell/config';
import type { Neighbours } from '../../shell/connect';
import { LiveNamespace } from '../../shell/live-namespace';
import type { LogInspector } from '../../shell/ports';
import { readOffsets, recordsBehind } from '../../shell/read-positions';
import { monotonicMs } from '../../shell/waiting';
import { LIVE_NAMESPACE } from '../../topology';
import { noRoomWhy } from './room';
import type { LiveProgress, YieldingPace } from './yielding-pace';

export class LiveWatch {
  private readonly stopping = new AbortController();
  private inspector: LogInspector | undefined;
  private looking: Promise<unknown> = Promise.resolve();
  private readonly live: LiveNamespace;

  /** `namespace`: whose replay it is. One that is live itself yields to nobody. `onRoom`: told at each look. */
  constructor(private readonly namespace: string, config: Config, private readonly neighbours: Neighbours, private readonly pace: YieldingPace, private readonly onRoom: (noRoomWhy: string | undefined) => void) {
    this.live = new LiveNamespace({ ...config, TIDEWAITER_NAMESPACE: LIVE_NAMESPACE }, neighbours);
  }

  /** Side by side: a broker that is slow to answer must not keep the store from being looked at. */
  start(): void { this.looking = Promise.all([this.again(() => this.lookForPace()), this.again(() => this.lookForRoom())]); }

  private async again(look: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await look();
      } catch { /* who is away is waited for where records are read and figures written */ }
      await delay(limits.replayLookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async lookForPace(): Promise<void> { this.pace.look(await this.progress(), monotonicMs()); }

  /** A store that does not say how full it is leaves things as they are. */
  private async lookForRoom(): Promise<void> {
    const { live, reader } = await this.live.current();
    const why = live.name === this.namespace ? undefined : noRoomWhy(await reader.memoryUse());
    this.pace.held = why !== undefined;
    this.onRoom(why);
  }

  private async progress(): Promise<LiveProgress> {
    const { live, reader } = await this.live.current();
    if (live.name === this.namespace) return { countedRecords: 0, behindRecords: 0 };
    this.inspector ??= await this.neighbours.log().inspector();
    /** From the raw topic on, through all stages. A replay that is live keeps no books of records that it did not read; nor may every user ask about the raw topic. */
    const books = live.replay ? undefined : await readBooks(this.inspector, reader).catch(() => undefined);
    if (books) {
      const countedRecords = books.counted + books.leftOut + books.refused + books.ignored;
      return { countedRecords, behindRecords: Math.max(0, books.raw - countedRecords) };
    }
    const offsets = await readOffsets(reader);
    return { countedRecords: Object.values(offsets).reduce((sum, next) => sum + next, 0), behindRecords: (await recordsBehind(this.inspector, live.inputs, offsets)).all };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking;
    await this.inspector?.close();
    await this.live.close();
  }
}
