/** Where somebody is: all of it is in the address, so that a link shows the same to the next officer. */
import type { Permission } from './contract';

export type ViewName = 'now' | 'revenue' | 'statistics' | 'precursors' | 'stream' | 'refusals';
export interface ViewEntry { readonly name: ViewName; readonly needs: Permission }

export const views: readonly ViewEntry[] = [
  { name: 'now', needs: 'see:now' },
  { name: 'revenue', needs: 'see:figures' },
  { name: 'statistics', needs: 'see:figures' },
  { name: 'precursors', needs: 'see:precursors' },
  { name: 'stream', needs: 'see:stream' },
  { name: 'refusals', needs: 'see:rejects' },
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
  readonly where: readonly (readonly [string, string])[];
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
    where: parameters.getAll('where').flatMap((text) => {
      const colon = text.indexOf(':');
      return colon > 0 ? [[text.slice(0, colon), text.slice(colon + 1)] as const] : [];
    }),
    measure: parameters.get('measure') ?? otherwise.measure,
    chart: (charts.includes(chart) ? chart : 'bar') as ChartKind,
    sort: sort.replace(/^-/, ''),
    descending: sort.startsWith('-'),
    adjustments: parameters.get('adjustments') === 'true',
  };
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
