/** Figures for the console: the answers of `tidewaiter query`, from one reader, within a bounded time. */
import { cellHash, splitField, viewShapes, type Cubes } from '../../domain/cubes';
import { streamTimeOf, asOf } from '../../domain/figure-status';
import { limits } from '../../limits';
import { answerQuery, type QueryContext, type QueryOutcome, type QueryRequest } from '../../query/answer-query';
import { readSeals } from '../../query/closed-figures';
import { smallestCombination } from '../../query/plan';
import type { Seal } from '../../closing/closed-period';
import type { ClosedStore } from '../../shell/closed-store';
import type { FigureReader } from '../../shell/figure-store';
import { within } from '../../shell/within';
import type { View } from '../../topology';

/** Newest event time that was counted (0: none), and positions as text to compare. */
export interface StreamPosition { readonly streamTimeMs: number; readonly positions: string }
export interface CountsOfMinute { readonly minute: string; readonly declarations: number; readonly refused: number; readonly alerts: number }

const MINUTE_MS = 60_000;

export class Figures {
  private fits = false;

  /** `checkManifest` throws when the figures were made with other settings. */
  constructor(private readonly context: QueryContext, readonly reader: FigureReader, readonly closed: ClosedStore, private readonly nowMs: () => number, private readonly checkManifest: (manifest: string | undefined) => void) {}

  get cubes(): Cubes { return this.context.cubes; }
  get calendar(): QueryContext['calendar'] { return this.context.calendar; }
  get currency(): string { return this.context.currency; }
  get graceMs(): number { return this.context.graceMs; }

  answer(request: QueryRequest): Promise<QueryOutcome> {
    return this.read(() => answerQuery(request, { ...this.context, nowMs: this.nowMs() }, this.reader, this.closed));
  }

  async position(): Promise<StreamPosition> {
    const answer = await this.read(() => this.reader.readFigures([], 0));
    const positions = 'positions' in answer ? answer.positions : [];
    return { streamTimeMs: streamTimeOf(positions), positions: JSON.stringify(asOf(positions).offsets) };
  }

  seals(): Promise<Map<string, Seal>> { return this.read(() => readSeals(this.closed)); }

  /** The minutes that end with the one of `atMs`, oldest first; one reading for all of them. Undefined when no minutes are kept. */
  async operationsByMinute(atMs: number, minutes: number): Promise<CountsOfMinute[] | undefined> {
    const combination = smallestCombination(this.cubes.operations.combinations, [], 'minute');
    if (!combination) return undefined;
    const keys = Array.from({ length: minutes }, (_, index) => this.calendar.keysOf(atMs - (minutes - 1 - index) * MINUTE_MS).minute);
    const hashOf = (minute: string): string => cellHash('operations', combination.id, 'minute', minute);
    const answer = await this.read(() => this.reader.readFigures([...new Set(keys)].map(hashOf), limits.queryFields));
    if (!('hashes' in answer)) return undefined;
    const fields = new Map(answer.hashes.map((hash) => [hash.hash, hash.fields]));
    return keys.map((minute) => countsOf(minute, fields.get(hashOf(minute)) ?? new Map<string, string>()));
  }

  /** The clients wait for ever for a store that is away. */
  private read<Answer>(ask: () => Promise<Answer>): Promise<Answer> { return within(limits.consoleCallMs, this.checked().then(ask)); }

  private async checked(): Promise<void> {
    if (this.fits) return;
    const manifest = await this.reader.manifest();
    this.checkManifest(manifest);
    this.fits = manifest !== undefined;
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
