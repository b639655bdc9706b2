/**
 * Closed months, as far as topics alone can vouch for them. The topic of closed periods has every cell that was signed off:
 * its digest is made again. The aggregate topics have some of these cells: those are compared, one by one.
 */
import { closingMonthOf, type Seal } from '../closing/closed-period';
import type { ClosedRecords, FrozenCells } from '../closing/closed-records';
import { digestOfCells } from '../closing/period-digest';
import { differingFields } from '../domain/differing-fields';
import { cellField } from '../domain/cubes';
import { cellsOf } from '../publish/cells';
import type { LogInspector } from '../shell/ports';
import type { View } from '../topology';
import type { HeldCell, HeldCells } from './published-fold';

export interface SignedOffDifference { readonly hash: string; readonly field: string; readonly signedOff: string; readonly published: string }
export interface SignedOffCheck {
  readonly period: string;
  readonly closedBy: string;
  readonly digest: string;
  /** Made again from the topic of closed periods. */
  readonly digestOnTopic: string;
  /** Values under the seal, and those of them that the aggregate topics carry. */
  readonly values: number;
  readonly compared: number;
  /** Values whose cells the aggregate topics have, and do not yet call closed. */
  readonly notTold: number;
  readonly differences: readonly SignedOffDifference[];
}

interface SignedOffMonth { readonly seal: Seal; readonly digestOnTopic: string; readonly published: FrozenCells; compared: number; notTold: number; readonly differences: SignedOffDifference[] }

/** Figures of closed months that go to the aggregate topics; `isPublished`: of a hash. */
export class SignedOffMonths {
  private constructor(private readonly months: ReadonlyMap<string, SignedOffMonth>) {}

  static async read(records: ClosedRecords, inspector: LogInspector, isPublished: (hash: string) => boolean): Promise<SignedOffMonths> {
    const seals = [...(await records.readSeals(inspector)).values()].sort((a, b) => (a.period < b.period ? -1 : 1));
    const cells = seals.length === 0 ? new Map<string, FrozenCells>() : await records.readCells(inspector, seals.map(({ closeId }) => closeId));
    return new SignedOffMonths(new Map(seals.map((seal) => {
      const frozen = cells.get(seal.closeId) ?? new Map<string, ReadonlyMap<string, string>>();
      const published = new Map([...frozen].filter(([hash]) => isPublished(hash)));
      return [seal.period, { seal, digestOnTopic: digestOfCells(seal.period, seal.sourceOffsets, frozen), published, compared: 0, notTold: 0, differences: [] }];
    })));
  }

  /** Compares what a topic has of each month with what was signed off of that view. */
  compare(view: View, held: HeldCells): void {
    for (const [period, month] of this.months) {
      const hashes = new Set([...month.published.keys(), ...[...held.keys()].filter((hash) => closingMonthOf(hash) === period)]);
      for (const hash of hashes) if (hash.startsWith(`${view}/`)) compareHash(month, hash, held.get(hash));
    }
  }

  get checks(): SignedOffCheck[] {
    return [...this.months.values()].map(({ seal: { period, closedBy, digest, fields }, digestOnTopic, compared, notTold, differences }) =>
      ({ period, closedBy, digest, digestOnTopic, values: fields, compared, notTold, differences }));
  }
}

/** True where nothing speaks against what was signed off. */
export const standsAsSignedOff = ({ digest, digestOnTopic, differences }: SignedOffCheck): boolean => digest === digestOnTopic && differences.length === 0;

function compareHash(month: SignedOffMonth, hash: string, held: ReadonlyMap<string, HeldCell> | undefined): void {
  const frozen = cellsOf(month.published.get(hash) ?? new Map<string, string>());
  for (const name of new Set([...frozen.keys(), ...(held?.keys() ?? [])])) {
    const [signedOff, cell] = [frozen.get(name) ?? new Map<string, bigint>(), held?.get(name)];
    if (cell && cell.status !== 'CLOSED' && !cell.withdrawn) { month.notTold += signedOff.size; continue; }
    month.compared += signedOff.size;
    const published = cell && !cell.withdrawn ? new Map(cell.measures.map((measure, index) => [measure, cell.values[index] ?? 0n])) : new Map<string, bigint>();
    month.differences.push(...differingFields(inText(name, signedOff), inText(name, published)).map(({ field, left, right }) => ({ hash, field, signedOff: left, published: right })));
  }
}

const inText = (name: string, values: ReadonlyMap<string, bigint>): Map<string, string> => new Map([...values].map(([measure, value]) => [cellField(name, measure), value.toString()]));
