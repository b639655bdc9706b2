/** Where somebody is: all of it is in the address, so that a link shows the same to the next officer. */
import type { Permission } from './contract';

export type ViewName = 'now' | 'revenue' | 'statistics' | 'periods' | 'precursors' | 'stream' | 'refusals' | 'audit';
export interface ViewEntry { readonly name: ViewName; readonly needs: Permission }

export const views: readonly ViewEntry[] = [
  { name: 'now', needs: 'see:now' },
  { name: 'revenue', needs: 'see:figures' },
  { name: 'statistics', needs: 'see:figures' },
  { name: 'periods', needs: 'see:periods' },
  { name: 'precursors', needs: 'see:precursors' },
  { name: 'stream', needs: 'see:stream' },
  { name: 'refusals', needs: 'see:rejects' },
  { name: 'audit', needs: 'see:audit' },
];

export const allowedViews = (permissions: readonly string[]): ViewEntry[] => views.filter(({ needs }) => permissions.includes(needs));

/** The view of the address if it may be seen, else the first that may. */
export function viewOf(search: string, permissions: readonly string[]): ViewName | undefined {
  const allowed = allowedViews(permissions);
  const asked = new URLSearchParams(search).get('view');
  return (allowed.find(({ name }) => name === asked) ?? allowed[0])?.name;
}

/** Undefined or empty removes a part. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

export function withChanges(search: string, changes: Changes): string {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name);
    for (const part of value === undefined ? [] : typeof value === 'string' ? [value] : value) if (part !== '') parameters.append(name, part);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Another view keeps the language and the wall screen, nothing else. */
export function searchOfView(search: string, view: ViewName): string {
  const before = new URLSearchParams(search);
  return withChanges('', { view, lang: before.get('lang') ?? undefined });
}

export type ChartKind = 'line' | 'bar' | 'treemap';
export interface FigurePlace {
  readonly period: string;
  readonly by: readonly string[];
  readonly where: readonly Condition[];
  readonly measure: string;
  readonly chart: ChartKind;
  readonly sort: string;
  readonly descending: boolean;
  readonly adjustments: boolean;
}
const charts: readonly string[] = ['line', 'bar', 'treemap'];

export function figurePlace(search: string, otherwise: Pick<FigurePlace, 'period' | 'by' | 'measure'>): FigurePlace {
  const parameters = new URLSearchParams(search);
  const chart = parameters.get('chart') ?? '';
  const sort = parameters.get('sort') ?? '';
  return {
    period: parameters.get('period') ?? otherwise.period,
    by: (parameters.get('by') ?? otherwise.by.join(',')).split(',').filter((dimension) => dimension !== '' && dimension !== 'none'),
    where: conditionsOf(parameters, 'where'),
    measure: parameters.get('measure') ?? otherwise.measure,
    chart: (charts.includes(chart) ? chart : 'bar') as ChartKind,
    sort: sort.replace(/^-/, ''),
    descending: sort.startsWith('-'),
    adjustments: parameters.get('adjustments') === 'true',
  };
}

type Condition = readonly [string, string];
const conditionsOf = (parameters: URLSearchParams, name: string): readonly Condition[] => parameters.getAll(name).flatMap((text) => {
  const colon = text.indexOf(':');
  return colon > 0 ? [[text.slice(0, colon), text.slice(colon + 1)] as const] : [];
});

/** A figure that somebody has opened: a measure of one row, or of all of them; and which of its declarations. */
export interface ExplainedPlace { readonly measure: string; readonly of: readonly Condition[]; readonly declaration: string | undefined }

export function explainedPlace(search: string): ExplainedPlace | undefined {
  const parameters = new URLSearchParams(search);
  const measure = parameters.get('explain');
  return measure === null ? undefined : { measure, of: conditionsOf(parameters, 'of'), declaration: parameters.get('declaration') ?? undefined };
}

/** Opens a figure; without one, closes what is open. */
export const explainedAs = (measure?: string, of: readonly Condition[] = []): Changes => ({ explain: measure, of: of.map((condition) => condition.join(':')), declaration: undefined });

/** The question to the server; `after`: where its last answer ended. */
export function explainQuery({ period, where }: Pick<FigurePlace, 'period' | 'where'>, { measure, of }: Pick<ExplainedPlace, 'measure' | 'of'>, after?: string): string {
  const asked = [...where.filter(([dimension]) => !of.some(([name]) => name === dimension)), ...of];
  const parameters = new URLSearchParams([['period', period], ...asked.map((condition): [string, string] => ['where', condition.join(':')]), ['measure', measure]]);
  if (after !== undefined) parameters.set('after', after);
  return parameters.toString();
}

/** The question to the server. `at` ends a rolling window. */
export function figureQuery({ period, by, where, adjustments }: Pick<FigurePlace, 'period' | 'by' | 'where'> & { readonly adjustments?: boolean }, at?: string): string {
  const parameters = new URLSearchParams({ period });
  if (by.length > 0) parameters.set('by', by.join(','));
  for (const [dimension, value] of where) parameters.append('where', `${dimension}:${value}`);
  if (at !== undefined) parameters.set('at', at);
  if (adjustments) parameters.set('adjustments', 'true');
  return parameters.toString();
}

/** The token of a link, which must not stay in the address. */
export const tokenOf = (fragment: string): string | undefined => new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? undefined;
