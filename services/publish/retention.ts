/**
 * Lets fine-grained cells go that lie behind their retention, and the index of days with the ledger. The horizon is noted first: a query that needs
 * a cell behind it is refused from then on, never answered with a part. Figures of days and months stay.
 */
import { limits } from '../limits';
import type { Cubes } from '../domain/cubes';
import { DAY_MS, fineGrains, type Calendar, type FineGrain } from '../domain/period';
import { horizonNote, LEDGER_HORIZON_NOTE, type FigureReader } from '../shell/figure-store';
import type { View } from '../topology';

/** Days that each grain, and the entries of the ledger, are kept; 0: for ever. */
export type RetentionDays = Readonly<Record<FineGrain | 'ledger', number>>;

/** The beginning of the day before which cells of a grain may go; undefined: none. */
export function horizonOf(days: number, streamTimeMs: number, calendar: Calendar): number | undefined {
  if (days === 0 || streamTimeMs <= days * DAY_MS) return undefined;
  return calendar.rangeOf('day', calendar.keysOf(streamTimeMs - days * DAY_MS).day)?.fromMs;
}

/** Notes the horizons and unlinks what lies behind them; answers how many keys went. */
export async function letGo(reader: FigureReader, cubes: Cubes, calendar: Calendar, retention: RetentionDays, streamTimeMs: number): Promise<number> {
  let gone = await letIndexGo(reader, calendar, retention.ledger, streamTimeMs);
  for (const grain of fineGrains) {
    const horizonMs = horizonOf(retention[grain], streamTimeMs, calendar);
    if (horizonMs === undefined) continue;
    const noted = Number((await reader.note(horizonNote(grain))) ?? 0);
    if (horizonMs > noted) await reader.setNote(horizonNote(grain), String(horizonMs));
    gone += await unlinkBefore(reader, cubes, calendar, grain, Math.max(horizonMs, noted));
  }
  return gone;
}

/**
 * The same for the index of days, once the ledger may have let entries go. The note is the exact moment, as a declaration
 * of the day that it cuts through may be gone; the newest event of all partitions decides, as some may be ahead.
 */
async function letIndexGo(reader: FigureReader, calendar: Calendar, ledgerDays: number, streamTimeMs: number): Promise<number> {
  if (ledgerDays === 0 || streamTimeMs <= ledgerDays * DAY_MS) return 0;
  const noted = Number((await reader.note(LEDGER_HORIZON_NOTE)) ?? 0);
  const horizonMs = Math.max(noted, streamTimeMs - ledgerDays * DAY_MS);
  if (horizonMs > noted) await reader.setNote(LEDGER_HORIZON_NOTE, String(horizonMs));
  const names = new Set<string>();
  for await (const name of reader.indexNames()) {
    const range = calendar.rangeOf('day', name.slice(name.indexOf('/') + 1));
    if (range && range.toMs <= horizonMs) names.add(name);
  }
  const gone = [...names];
  for (let start = 0; start < gone.length; start += limits.hashesPerUnlink) await reader.unlinkIndex(gone.slice(start, start + limits.hashesPerUnlink));
  return gone.length;
}

async function unlinkBefore(reader: FigureReader, cubes: Cubes, calendar: Calendar, grain: FineGrain, horizonMs: number): Promise<number> {
  let gone = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    await reader.unlink(batch);
    gone += batch.length;
    batch = [];
  };
  for (const view of Object.keys(cubes) as View[]) {
    for (const { id, grains } of cubes[view].combinations) {
      if (!grains.includes(grain)) continue;
      const prefix = `${view}/${id}/${grain}/`;
      for await (const hash of reader.hashNames(prefix)) {
        const range = calendar.rangeOf(grain, hash.slice(prefix.length));
        if (range && range.toMs <= horizonMs) batch.push(hash);
        if (batch.length >= limits.hashesPerUnlink) await flush();
      }
    }
  }
  await flush();
  return gone;
}
