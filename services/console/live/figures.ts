/** Figures for the console: the answers of `tidewaiter query`, from one reader, within a bounded time. */
import { cellHash, splitField, viewShapes, type Cubes } from '../../domain/cubes';
import { streamTimeOf, asOf } from '../../domain/figure-status';
import { limits } from '../../limits';
import { answerQuery, type LastKnown, type QueryContext, type QueryOutcome, type QueryRequest } from '../../query/answer-query';
import { changedSince, readMonths, type Compared, type Month } from '../../query/months';
import { smallestCombination } from '../../query/plan';
import type { Seal } from '../../closing/closed-period';
import type { FigureReader } from '../../shell/figure-store';
import type { LiveNamespace, LiveStores } from '../../shell/live-namespace';
import { horizonsOf } from '../../shell/horizons';
import { readPositions } from '../../shell/read-positions';
import { within } from '../../shell/within';
import type { View } from '../../topology';

/** Newest event time that was counted (0: none), and positions as text to compare. */
export interface StreamPosition { readonly streamTimeMs: number; readonly positions: string }
export interface CountsOfMinute { readonly minute: string; readonly declarations: number; readonly refused: number; readonly alerts: number }

const MINUTE_MS = 60_000;

export class Figures {
  /** The namespace whose manifest was found to fit. */
  private fits: string | undefined;
  private readonly lastKnown = new WeakMap<FigureReader, LastKnown>();

  /** `checkManifest` throws when the figures were made with other settings. */
  constructor(private readonly context: QueryContext, private readonly namespace: LiveNamespace, private readonly nowMs: () => number, private readonly checkManifest: (manifest: string | undefined) => void) {}

  get cubes(): Cubes { return this.context.cubes; }
  get calendar(): QueryContext['calendar'] { return this.context.calendar; }
  /** As it was looked at last. */
  get liveName(): string | undefined { return this.namespace.known?.live.name; }
  get currency(): string { return this.context.currency; }
  get graceMs(): number { return this.context.graceMs; }

  answer(request: QueryRequest): Promise<QueryOutcome> {
    return this.read(({ reader, closed }) => answerQuery(request, this.contextNow(), reader, closed, this.lastOf(reader)));
  }

  async position(): Promise<StreamPosition> {
    const positions = await this.read(({ reader }) => readPositions(reader));
    return { streamTimeMs: streamTimeOf(positions), positions: JSON.stringify(asOf(positions).offsets) };
  }

  /** Newest first; `besides`: a month that somebody asks for, whatever is known of it. */
  months(besides: readonly string[] = []): Promise<Month[]> { return this.read(({ reader, closed }) => readMonths(this.context, reader, closed, besides)); }

  changedSince(seal: Seal, compared: Compared): Promise<boolean | null> { return this.read(({ reader, closed }) => changedSince(seal, this.context, compared, reader, closed)); }

  /** The minutes that end with the one of `atMs`, oldest first, those alone that are kept; one reading for all of them. Undefined when no minutes are kept. */
  async operationsByMinute(atMs: number, minutes: number): Promise<CountsOfMinute[] | undefined> {
    const combination = smallestCombination(this.cubes.operations.combinations, [], 'minute');
    if (!combination) return undefined;
    const moments = Array.from({ length: minutes }, (_, index) => atMs - (minutes - 1 - index) * MINUTE_MS);
    const hashOf = (minute: string): string => cellHash('operations', combination.id, 'minute', minute);
    const keyed = moments.map((moment) => ({ moment, minute: this.calendar.keysOf(moment).minute }));
    const answer = await this.read(({ reader }) => reader.readFigures([...new Set(keyed.map(({ minute }) => hashOf(minute)))], limits.queryFields));
    if (!('hashes' in answer)) return undefined;
    const { minute: horizonMs = 0 } = horizonsOf(answer.notes.since);
    const fields = new Map(answer.hashes.map((hash) => [hash.hash, hash.fields]));
    return keyed.filter(({ moment }) => moment >= horizonMs).map(({ minute }) => countsOf(minute, fields.get(hashOf(minute)) ?? new Map<string, string>()));
  }

  /** What a signing off reads and writes. */
  stores(): Promise<LiveStores> { return this.namespace.current(); }

  close(): Promise<void> { return this.namespace.close(); }

  /** What answers questions now. */
  contextNow(): QueryContext { return { ...this.context, nowMs: this.nowMs() }; }

  /** Of what is live, found to fit these settings; for as long as it takes: who asks sees to the time. */
  async fitting<Answer>(ask: (stores: LiveStores) => Promise<Answer>): Promise<Answer> {
    const stores = await this.namespace.current();
    await this.checked(stores);
    return ask(stores);
  }

  /** The clients wait for ever for a store that is away. One namespace for each question, whatever is promoted meanwhile. */
  private read<Answer>(ask: (stores: LiveStores) => Promise<Answer>): Promise<Answer> { return within(limits.consoleCallMs, this.ofNow(ask)); }

  /** Asks what was live a moment ago, and meanwhile whether it still is: pages wait for a busy store once. */
  private async ofNow<Answer>(ask: (stores: LiveStores) => Promise<Answer>): Promise<Answer> {
    const before = this.namespace.known;
    if (!before || this.fits !== before.live.name) return this.fitting(ask);
    const asked = ask(before);
    /** Told below, unless another namespace is live. */
    asked.catch(() => undefined);
    const now = await this.namespace.current();
    return now.reader === before.reader ? asked : this.fitting(ask);
  }

  private lastOf(reader: FigureReader): LastKnown {
    const last = this.lastKnown.get(reader) ?? {};
    this.lastKnown.set(reader, last);
    return last;
  }

  private async checked({ live, reader }: LiveStores): Promise<void> {
    if (this.fits === live.name) return;
    const manifest = await reader.manifest();
    this.checkManifest(manifest);
    if (manifest !== undefined) this.fits = live.name;
  }
}

function countsOf(minute: string, fields: ReadonlyMap<string, string>): CountsOfMinute {
  const counts = { minute, declarations: 0, refused: 0, alerts: 0 };
  for (const [field, value] of fields) {
    const { measure } = splitField(field);
    if (measure === 'declarations' || measure === 'refused' || measure === 'alerts') counts[measure] += Number(value);
  }
  return counts;
}

export const isView = (text: string): text is View => Object.hasOwn(viewShapes, text);
