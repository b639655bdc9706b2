/**
 * Explanations as one session may see them, short enough for a page. What tells which declaration was flagged is for those
 * who see precursors, why a version was refused for those who see refusals. Pure.
 */
import type { ContributionDetails, ShownContribution, ShownHit } from '../../explain/shown-contribution';
import type { Explanation } from '../../explain/explanation';
import type { HistoryEntry, TouchedCell } from '../../explain/explain-declaration';
import { shownCell, type ShownCell } from '../../explain/shown-cell';
import type { Cubes } from '../../domain/cubes';
import { grains } from '../../domain/period';
import { limits } from '../../limits';
import type { View } from '../../topology';
import type { Permission } from '../access/permissions';
import type { ExplainedPage, HistoryMissing, TracedDeclaration } from './explanations';

type Permissions = ReadonlySet<Permission>;

export interface PageDetails extends Pick<ContributionDetails, 'definitions' | 'referenceSet'> {
  /** Of the declaration and its items, each once. */
  readonly codes: readonly string[];
  /** Null: not for this session. */
  readonly hits: readonly ShownHit[] | null;
}
export interface PageContribution extends Omit<ShownContribution, 'details'> {
  /** Payments and dates are the first of so many. */
  readonly paymentsInAll: number;
  readonly datesInAll: number;
  readonly details: PageDetails | null;
}
export interface PageExplanation extends Omit<Explanation, 'contributions'> {
  readonly contributions: readonly PageContribution[];
  readonly next: string | null;
  readonly logRead: boolean;
}

export function explanationFor(permissions: Permissions, { explanation, next, logRead }: ExplainedPage): PageExplanation {
  const hitsToo = permissions.has('see:precursors');
  return { ...explanation, contributions: explanation.contributions.map((one) => contributionFor(hitsToo, one)), next, logRead };
}

function contributionFor(hitsToo: boolean, { payments, countsAt, details, ...rest }: ShownContribution): PageContribution {
  const few = limits.explainedPartsShown;
  return {
    ...rest, payments: payments.slice(0, few), paymentsInAll: payments.length, countsAt: countsAt.slice(0, few), datesInAll: countsAt.length,
    details: details && {
      definitions: details.definitions, referenceSet: details.referenceSet,
      codes: [...new Set([...details.codes, ...details.items.flatMap(({ codes }) => codes)])].slice(0, few), hits: hitsToo ? details.hits.slice(0, few) : null,
    },
  };
}

/** A version of a declaration; `changed`: how many cells. */
export interface PageHistoryEntry extends Omit<HistoryEntry, 'changed'> { readonly changed: number }
export interface PageDeclaration {
  readonly declarationId: string;
  readonly currency: string;
  readonly version: number | null;
  readonly status: string | null;
  /** The first of so many: figures by view, the coarsest periods first. */
  readonly cells: readonly ShownCell[];
  readonly cellsInAll: number;
  readonly history: readonly PageHistoryEntry[] | null;
  readonly historyMissing: HistoryMissing | null;
}

export function declarationFor(permissions: Permissions, { declaration, historyMissing }: TracedDeclaration, cubes: Cubes): PageDeclaration {
  const { declarationId, currency, minorUnits, version, status, history } = declaration;
  const seen = (cells: readonly TouchedCell[]): readonly TouchedCell[] => (permissions.has('see:precursors') ? cells : cells.filter((cell) => !tellsFlags(cell)));
  const cells = seen(declaration.cells).map((cell) => shownCell(cell, cubes, minorUnits)).sort((a, b) => placeOf(a) - placeOf(b));
  return {
    declarationId, currency, version, status, cells: cells.slice(0, limits.explainedCellsShown), cellsInAll: cells.length,
    history: history && history.filter(({ outcome }) => outcome !== 'refused' || permissions.has('see:rejects')).map((entry) => ({ ...entry, changed: seen(entry.changed).length })),
    historyMissing,
  };
}

const tellsFlags = ({ hash, field }: TouchedCell): boolean => hash.startsWith('precursors/') || (hash.startsWith('operations/') && field.endsWith(':alerts'));

const viewOrder: readonly View[] = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
const placeOf = ({ view, grain }: ShownCell): number => viewOrder.indexOf(view) * grains.length - grains.indexOf(grain);
