/**
 * Names of cells as numbers. Rows of many declarations name the same cells again and again: a name is put together as
 * text once, and known by its number from then on. Kept over pieces, so it is bounded by whoever keeps it.
 */
import type { ContributionRow } from './contribution';
import { escapeValue, viewShapes, type Combination, type Cubes } from './cubes';
import { PairNumbers } from './pair-numbers';
import type { View } from '../topology';

/** A row lacks a dimension that the combination keeps. */
export const NO_NAME = -1;
const ABSENT = -1;
/** Roots of the tree go down from here: nothing that it numbers is below zero. */
const FIRST_ROOT = NO_NAME - 1;

/** How the rows of one combination are filed. */
export interface FiledCombination {
  readonly combination: Combination;
  /** Unlike that of any other one. */
  readonly number: number;
  /** Its dimensions, as places in the view's list. */
  readonly places: readonly number[];
  /** Rows that lack one of its dimensions are not kept; false where every row of the view has them all. */
  readonly needsAll: boolean;
}

export class CellNames {
  private readonly byView = new Map<View, readonly FiledCombination[]>();
  private readonly values = new Map<string, number>();
  private readonly valueTexts: string[] = [];
  /** A tree: (combination or what stands before, value) → what stands there. */
  private readonly tree = new PairNumbers();
  private readonly texts: string[] = [];
  private combinations = 0;
  /** Values of the row that was filed last, by their places. */
  private readonly rowValues = new Int32Array(MOST_DIMENSIONS);

  constructor(private readonly cubes: Cubes) {}

  /** Names and parts of names that are known. */
  get size(): number { return this.texts.length; }

  of(view: View): readonly FiledCombination[] {
    let filed = this.byView.get(view);
    if (!filed) {
      const { dimensions, families } = viewShapes[view];
      filed = this.cubes[view].combinations.map((combination) => ({ combination, number: this.combinations++, places: combination.dimensions.map((name) => dimensions.indexOf(name)), needsAll: families !== undefined }));
      this.byView.set(view, filed);
    }
    return filed;
  }

  /** Begins with a row: `nameOf` names it until the next one. */
  file({ view, dimensions }: ContributionRow): void {
    const names = viewShapes[view].dimensions;
    for (let place = 0; place < names.length; place++) {
      const value = dimensions[names[place] as string];
      this.rowValues[place] = value === undefined ? ABSENT : this.valueOf(value);
    }
  }

  /** The number of the row's cell name under a combination, or NO_NAME. */
  nameOf({ number, places, needsAll }: FiledCombination): number {
    let at = FIRST_ROOT - number;
    for (let index = 0; index < places.length; index++) {
      const value = this.rowValues[places[index] as number] as number;
      if (value === ABSENT && needsAll) return NO_NAME;
      const next = this.tree.numberOf(at, value);
      if (next === this.texts.length) {
        const text = value === ABSENT ? '' : (this.valueTexts[value] as string);
        this.texts.push(index === 0 ? text : `${this.texts[at] as string}|${text}`);
      }
      at = next;
    }
    return at;
  }

  /** As it stands in the store. */
  text(name: number): string { return name <= FIRST_ROOT ? '' : (this.texts[name] as string); }

  private valueOf(value: string): number {
    let number = this.values.get(value);
    if (number === undefined) {
      number = this.valueTexts.push(escapeValue(value)) - 1;
      this.values.set(value, number);
    }
    return number;
  }
}

const MOST_DIMENSIONS = Math.max(...Object.values(viewShapes).map(({ dimensions }) => dimensions.length));
