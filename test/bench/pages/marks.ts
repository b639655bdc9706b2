/**
 * Marks: declarations whose effect on every page can be told from all others, one a second, and the moment at which each
 * of them was in Redis. That is taken from before the last look that did not see it: latencies are rather too long by
 * the few milliseconds between two looks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cellField, cellHash, cellName } from '../../../services/domain/cubes';
import type { RawDeclaration } from '../../../services/domain/declaration';
import { BOOKS_HASH, type FigureReader } from '../../../services/shell/figure-store';
import { MARK, type Scale } from './kinds';

/** Not a multiple of what the console does by the second: marks fall on every phase of it. */
const EVERY_MS = 1_070;
const LOOK_MS = 5;

/** `number`: the count in the cells of marks with this one; `counted`: the book of counted records by then. */
export interface Mark { readonly number: number; readonly occurredAtMs: number; redisMs?: number; counted?: number }
export interface MarkPorts { readonly reader: FigureReader; readonly month: string; readonly send: (mark: Mark) => Promise<unknown> }

export class Marks {
  readonly all: Mark[] = [];
  private going = true;
  private working: Promise<unknown> | undefined;

  constructor(private readonly ports: MarkPorts) {}

  start(): void { this.working = Promise.all([this.send(), this.look()]); }

  async stop(): Promise<void> {
    this.going = false;
    await this.working;
  }

  private async send(): Promise<void> {
    while (this.going) {
      const mark: Mark = { number: this.all.length + 1, occurredAtMs: Date.now() };
      this.all.push(mark);
      await this.ports.send(mark);
      await delay(EVERY_MS - ((Date.now() - mark.occurredAtMs) % EVERY_MS));
    }
  }

  private async look(): Promise<void> {
    const marks = { hash: cellHash('revenue', 'office-taxType-chapter', 'month', this.ports.month), fields: [cellField(cellName(['office', 'taxType', 'chapter'], { office: MARK.office, taxType: 'CUD', chapter: '87' }), 'lines')] };
    const books = { hash: BOOKS_HASH, fields: ['counted'] };
    for (let seen = 0, unseenAtMs = Date.now(); this.going; await delay(LOOK_MS)) {
      const askedAtMs = Date.now();
      const { values: [count, counted] } = await this.ports.reader.readCells(0, [marks, books]);
      for (; seen < Number(count ?? 0); seen++) Object.assign(this.all[seen] as Mark, { redisMs: unseenAtMs, counted: Number(counted) });
      unseenAtMs = askedAtMs;
    }
  }
}

export const markDeclaration = (make: (id: string, atMs: number) => RawDeclaration, { number, occurredAtMs }: Mark): RawDeclaration => make(`MARK-${process.pid}-${number}`, occurredAtMs);

/** Where a page's figures must be at least to show the mark. */
export const placeOf = ({ number, occurredAtMs, counted }: Mark, scale: Scale): number => (scale === 'marks' ? number : scale === 'newest' ? occurredAtMs : (counted ?? Infinity));
