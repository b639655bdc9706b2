/** Revenue and trade statistics: choose, see, trust, take away. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { answers, stillAnswered } from '../choices';
import { Refresh } from '../../refresh';
import { useAsked, useLive, usePage, type Asked } from '../context';
import type { Cube, Cubes, Figures, FigureView } from '../contract';
import { limits } from '../limits';
import { drawnMeasures } from '../measures';
import { periodKeys } from '../moments';
import { ExplanationDialog } from '../parts/explanation';
import { DimensionPicker, Filters } from '../parts/figure-choices';
import { FigureChart, possibleCharts } from '../parts/figure-chart';
import { FigureTable } from '../parts/figure-table';
import { FigureTotals } from '../parts/figure-totals';
import { PeriodPicker } from '../parts/period-picker';
import { Problem } from '../parts/problem';
import { Provenance } from '../parts/provenance';
import { explainedAs, explainedPlace, figurePlace, figureQuery, type ChartKind, type FigurePlace } from '../place';

export const RevenueView = () => <FiguresView view="revenue" by={['office', 'taxType']} measure="assessed" />;
export const StatisticsView = () => <FiguresView view="statistics" by={['flow', 'partner']} measure="value" />;

interface FiguresViewProps { readonly view: FigureView; readonly by: readonly string[]; readonly measure: string }

function FiguresView({ view, by, measure }: FiguresViewProps) {
  const { t, search, session } = usePage();
  const place = figurePlace(search, { period: `month:${periodKeys(Date.now(), session.profile.timeZone).month}`, by, measure });
  const cubes = useAsked<Cubes>('/cubes');
  const cube = cubes.answer?.views[view];
  const query = figureQuery(place);
  const asked = useAsked<Figures>(cube ? `/figures/${view}?${query}` : undefined);
  useRefresh(view, asked);
  const explained = explainedPlace(search);
  return (
    <div class="figures-view">
      <div class="title-row">
        <h1>{t(`view.${view}`)}</h1>
        <Download view={view} query={query} />
      </div>
      {cubes.failure && <Problem failure={cubes.failure} onAgain={cubes.again} />}
      {cube && <Choices view={view} cube={cube} place={place} />}
      {asked.failure && <Problem failure={asked.failure} onAgain={asked.again} />}
      {cube && asked.answer && <Answer figures={asked.answer} cube={cube} place={place} asking={asked.asking} answeredAtMs={asked.answeredAtMs} />}
      {explained && <ExplanationDialog key={`${explained.measure} ${explained.of.join()}`} view={view} place={place} explained={explained} />}
      {asked.asking && !asked.answer && <p class="waiting" role="status">{t('page.loading')}</p>}
    </div>
  );
}

/** Asks again when something of the view has changed. */
function useRefresh(view: string, { asking, again }: Asked<Figures>): void {
  const newest = useRef(again);
  newest.current = again;
  const refresh = useMemo(() => new Refresh({ everyMs: limits.refreshMs, nowMs: () => performance.now(), ask: () => newest.current() }), []);
  useLive<{ readonly views: readonly string[] }>('figures', ({ views }) => { if (views.includes(view)) refresh.changed(); });
  useEffect(() => refresh.asks(asking), [refresh, asking]);
  useEffect(() => () => refresh.stop(), [refresh]);
}

function Download({ view, query }: { readonly view: FigureView; readonly query: string }) {
  const { t, can } = usePage();
  return can('download') ? <a class="button" href={`/api/v1/figures/${view}/csv?${query}`} download>{t('figures.csv')}</a> : null;
}

function Choices({ view, cube, place }: { readonly view: FigureView; readonly cube: Cube; readonly place: FigurePlace }) {
  const { t, word, go } = usePage();
  const charts = possibleCharts(cube, place);
  const chart = charts.includes(place.chart) ? place.chart : charts[0];
  const textOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(','));
  const changePeriod = (period: string): void => {
    const kind = period.slice(0, period.indexOf(':'));
    const where = place.where.filter(([dimension]) => answers(cube, [dimension], kind));
    const kept = stillAnswered(cube, place.by, where.map(([dimension]) => dimension), kind);
    go({ period, by: textOf(kept), where: where.map((filter) => filter.join(':')), adjustments: undefined });
  };
  return (
    <section class="choices" aria-label={t('figures.choices')}>
      <PeriodPicker period={place.period} onPeriod={changePeriod} />
      <DimensionPicker cube={cube} place={place} onBy={(names) => go({ by: textOf(names), sort: undefined })} />
      <Filters cube={cube} place={place} onWhere={(where) => go({ where: where.map((filter) => filter.join(':')) })} />
      <fieldset class="picker">
        <legend>{t('figures.chart')}</legend>
        <select aria-label={t('figures.measure')} value={place.measure} onChange={(event) => go({ measure: event.currentTarget.value }, 'replace')}>
          {drawnMeasures[view].map((name) => <option key={name} value={name}>{word('measure', name)}</option>)}
        </select>
        <span class="segments" role="group" aria-label={t('figures.chart')}>
          {(['line', 'bar', 'treemap'] satisfies ChartKind[]).map((name) => <button key={name} type="button" aria-pressed={chart === name} disabled={!charts.includes(name)} title={charts.includes(name) ? undefined : t('figures.noChart')} onClick={() => go({ chart: name }, 'replace')}>{t(`chart.${name}`)}</button>)}
        </span>
      </fieldset>
    </section>
  );
}

interface AnswerProps { readonly figures: Figures; readonly cube: Cube; readonly place: FigurePlace; readonly asking: boolean; readonly answeredAtMs: number | undefined }

function Answer({ figures, cube, place, asking, answeredAtMs }: AnswerProps) {
  const { t, go, can } = usePage();
  /** The figure, and what single declarations are seen by. */
  const explains = can('see:figures') && can('see:stream');
  const filter = (dimension: string, value: string): void => {
    const where = [...place.where.filter(([name]) => name !== dimension), [dimension, value] as const];
    const by = place.by.filter((name) => name !== dimension);
    go({ where: where.map((part) => part.join(':')), by: by.length === 0 ? 'none' : by.join(','), sort: undefined });
  };
  return (
    <div aria-busy={asking}>
      <Provenance figures={figures} answeredAtMs={answeredAtMs} adjustments={place.adjustments} onAdjustments={(shown) => go({ adjustments: shown ? 'true' : undefined })} />
      {figures.rows.length === 0
        ? <p class="empty">{t('figures.none')}</p>
        : (
          <>
            {figures.by.length > 0 && <FigureTotals figures={figures} />}
            <section class="drawing" aria-label={t('figures.chart')}><FigureChart figures={figures} place={place} cube={cube} /></section>
            <FigureTable figures={figures} place={place} onSort={(sort) => go({ sort }, 'replace')} onFilter={filter} onExplain={explains && !figures.onlyAdjustments ? (measure, of) => go(explainedAs(measure, of)) : undefined} />
          </>
        )}
    </div>
  );
}
