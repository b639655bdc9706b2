/** Bars and treemap of the answer on the screen; a line of its steps. */
import { barOption, lineOption, treemapOption, type LineSeries } from '../chart-options';
import { answers } from '../choices';
import { usePage, type Page } from '../context';
import type { Cube, Figures } from '../contract';
import { groupsOf } from '../groups';
import { limits } from '../limits';
import { decimalOf, unitOf } from '../measures';
import type { ChartKind, FigurePlace } from '../place';
import { stepKind } from '../series';
import { Chart } from './chart';
import { Problem } from './problem';
import { useSteps, type StepAnswer } from '../use-steps';

interface FigureChartProps { readonly figures: Figures; readonly place: FigurePlace; readonly cube: Cube }

const unitText = (measure: string, currency: string, word: Page['word']): string => ({ money: ` ${currency}`, mass: ' kg', count: '', quantity: '' })[unitOf(measure)] || ` ${word('measure', measure)}`;

const compactIn = (page: Page): Intl.NumberFormat => new Intl.NumberFormat(page.language, { notation: 'compact', maximumFractionDigits: 1 });

const named = (page: Page, dimension: string | undefined, value: string): string => (dimension === undefined ? value : page.namedValue(dimension, value));

/** Which drawings make sense: a treemap needs something to divide, a line needs steps that are kept. */
export function possibleCharts(cube: Cube, { period, by, where, adjustments }: FigurePlace): ChartKind[] {
  const step = stepKind(period);
  const wanted = [...by.slice(0, 1), ...where.map(([dimension]) => dimension)];
  const line: ChartKind[] = !adjustments && step !== undefined && answers(cube, wanted, step) ? ['line'] : [];
  return by.length > 0 ? [...line, 'bar', 'treemap'] : line;
}

export function FigureChart({ figures, place, cube }: FigureChartProps) {
  const possible = possibleCharts(cube, place);
  const kind = possible.includes(place.chart) ? place.chart : possible[0];
  if (kind === undefined) return null;
  if (kind === 'line') return <StepsChart figures={figures} place={place} />;
  return <SharesChart figures={figures} place={place} treemap={kind === 'treemap'} />;
}

function SharesChart({ figures, place, treemap }: { readonly figures: Figures; readonly place: FigurePlace; readonly treemap: boolean }) {
  const page = usePage();
  const { t, word, decimal, language } = page;
  const unit = unitText(place.measure, figures.currency, word);
  const [first, second] = figures.by;
  const groups = groupsOf(figures.rows, figures.by, place.measure);
  const shown = treemap ? groups : groups.slice(0, limits.barsShown);
  const slice = (dimension: string | undefined, value: string, sum: string) => ({ name: named(page, dimension, value), value: sum, text: `${decimal(sum)}${unit}` });
  const label = t(treemap ? 'figures.treemapLabel' : 'figures.barLabel', { measure: word('measure', place.measure), dimension: word('dimension', first ?? ''), largest: shown.slice(0, 3).map(({ value, sum }) => `${named(page, first, value)} ${decimal(sum)}${unit}`).join('; ') });
  if (shown.length === 0) return null;
  return (
    <>
      <Chart label={label} {...(treemap ? {} : { tall: shown.length })} of={[figures, place.measure, treemap, language]} option={(colours) => (treemap
        ? treemapOption(shown.map(({ value, sum, parts }) => ({ ...slice(first, value, sum), ...(parts.length > 0 ? { children: parts.map((part) => slice(second, part.value, part.sum)) } : {}) })), colours)
        : barOption(shown.map(({ value, sum }) => slice(first, value, sum)), colours, compactIn(page)))} />
      {shown.length < groups.length && <p class="quiet small">{t('figures.onlyLargest', { count: shown.length, all: groups.length })}</p>}
    </>
  );
}

function StepsChart({ figures, place }: Omit<FigureChartProps, 'cube'>) {
  const page = usePage();
  const { t, word, language } = page;
  const { steps, failure, again } = useSteps(figures, place);
  if (failure) return <Problem failure={failure} onAgain={again} />;
  if (!steps) return <p class="chart waiting" role="status">{t('figures.drawing')}</p>;
  const { shown, all } = seriesOf(steps, place, page, figures.currency);
  const label = t('figures.lineLabel', { measure: word('measure', place.measure), from: steps[0]?.label ?? '', to: steps.at(-1)?.label ?? '' });
  const labels = steps.map((step) => stepLabel(step.label, page));
  return (
    <>
      <Chart label={label} of={[steps, place.measure, language]} option={(colours) => lineOption(labels, shown, colours, compactIn(page))} />
      {shown.length < all && <p class="quiet small">{t('figures.onlyLargest', { count: shown.length, all })}</p>}
      <details class="steps"><summary>{t('figures.stepsTable')}</summary><StepsTable labels={labels} series={shown} /></details>
    </>
  );
}

function StepsTable({ labels, series }: { readonly labels: readonly string[]; readonly series: readonly LineSeries[] }) {
  const { t } = usePage();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('figures.stepsTable')}>
      <table>
        <thead><tr><th scope="col">{t('figures.step')}</th>{series.map(({ name }) => <th key={name} scope="col" class="number">{name}</th>)}</tr></thead>
        <tbody>{labels.map((label, index) => <tr key={label}><th scope="row">{label}</th>{series.map(({ name, points }) => <td key={name} class="number">{points[index]?.text}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

/** Ends of rolling steps are instants, all others are names of calendar periods. */
const stepLabel = (label: string, page: Page): string => (label.endsWith('Z') ? page.moment(label).replace(/:\d\d$/, '') : label.replace('T', ' ').replace(/ (\d\d)$/, ' $1:00'));

function seriesOf(steps: readonly StepAnswer[], { by, measure }: FigurePlace, page: Page, currency: string): { readonly shown: LineSeries[]; readonly all: number } {
  const unit = unitText(measure, currency, page.word);
  const point = (text: string) => ({ value: text, text: `${page.decimal(text)}${unit}` });
  const [dimension] = by;
  if (dimension === undefined) return { shown: [{ name: page.word('measure', measure), points: steps.map(({ figures }) => point(decimalOf(figures.totals[measure]))) }], all: 1 };
  const groups = groupsOf(steps.flatMap(({ figures }) => figures.rows), [dimension], measure);
  const shown = groups.slice(0, limits.seriesShown).map(({ value }) => ({
    name: named(page, dimension, value),
    points: steps.map(({ figures }) => point(decimalOf(figures.rows.find((row) => row[dimension] === value)?.[measure]))),
  }));
  return { shown, all: groups.length };
}
