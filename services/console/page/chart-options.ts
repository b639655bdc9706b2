/** What is drawn, as data. Numbers here become pixels; what is read comes as text. */
import { chartNumber } from './amount';

export interface ChartColours { readonly text: string; readonly quiet: string; readonly line: string; readonly surface: string; readonly series: readonly string[] }
export interface Slice { readonly name: string; readonly value: string | number; readonly text: string }
export interface LineSeries { readonly name: string; readonly points: readonly { readonly value: string | number | null; readonly text: string }[] }

interface Hovered { readonly name?: string; readonly seriesName?: string; readonly data?: unknown; readonly marker?: unknown }

/** Built of nodes: markup with styles in it would be refused by the content policy. */
function tip(title: string, lines: readonly string[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'chart-tip';
  const head = document.createElement('strong');
  head.textContent = title;
  box.append(head, ...lines.map((line) => {
    const part = document.createElement('div');
    part.textContent = line;
    return part;
  }));
  return box;
}
const textIn = (data: unknown): string => (data as { text?: string } | undefined)?.text ?? '';

const axisOf = (colours: ChartColours, compact: Intl.NumberFormat) => ({
  type: 'value' as const,
  axisLabel: { color: colours.quiet, formatter: (value: number) => compact.format(value) },
  splitLine: { lineStyle: { color: colours.line } },
});
const tooltipBase = { confine: true, className: 'chart-tooltip', transitionDuration: 0, backgroundColor: 'transparent', borderWidth: 0, padding: 0 };

export function barOption(slices: readonly Slice[], colours: ChartColours, compact: Intl.NumberFormat) {
  const shown = [...slices].reverse();
  return {
    animation: false,
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: axisOf(colours, compact),
    yAxis: { type: 'category' as const, data: shown.map(({ name }) => name), axisLabel: { color: colours.text, width: 170, overflow: 'truncate' as const }, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false } },
    tooltip: { ...tooltipBase, trigger: 'item' as const, formatter: (hovered: unknown) => { const { name = '', data } = hovered as Hovered; return tip(name, [textIn(data)]); } },
    series: [{ type: 'bar' as const, itemStyle: { color: colours.series[0] }, barMaxWidth: 22, data: shown.map(({ value, text }) => ({ value: chartNumber(value), text })) }],
  };
}

export function lineOption(labels: readonly string[], series: readonly LineSeries[], colours: ChartColours, compact: Intl.NumberFormat) {
  const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'];
  return {
    animation: false,
    color: [...colours.series],
    grid: { left: 8, right: 24, top: series.length > 1 ? 40 : 12, bottom: 8, containLabel: true },
    legend: series.length > 1 ? { type: 'scroll' as const, top: 0, textStyle: { color: colours.text }, inactiveColor: colours.quiet } : undefined,
    xAxis: { type: 'category' as const, boundaryGap: false, data: [...labels], axisLabel: { color: colours.quiet, hideOverlap: true }, axisLine: { lineStyle: { color: colours.line } } },
    yAxis: axisOf(colours, compact),
    tooltip: {
      ...tooltipBase, trigger: 'axis' as const,
      formatter: (hovered: unknown) => { const all = hovered as readonly Hovered[]; return tip(all[0]?.name ?? '', all.map(({ seriesName = '', data }) => `${series.length > 1 ? `${seriesName}: ` : ''}${textIn(data)}`)); },
    },
    series: series.map(({ name, points }, index) => ({ name, type: 'line' as const, symbol: symbols[index % symbols.length], symbolSize: 6, lineStyle: { width: 2 }, data: points.map(({ value, text }) => ({ value: value === null ? null : chartNumber(value), text })) })),
  };
}

export interface Branch extends Slice { readonly children?: readonly Slice[] }

/** Nothing below zero has an area: such slices are left to the table. */
export function treemapOption(branches: readonly Branch[], colours: ChartColours) {
  const leaf = ({ name, value, text }: Slice) => ({ name, value: chartNumber(value), text });
  const positive = ({ value }: Slice): boolean => chartNumber(value) > 0;
  return {
    animation: false,
    color: [...colours.series],
    tooltip: { ...tooltipBase, trigger: 'item' as const, formatter: (hovered: unknown) => { const { name = '', data } = hovered as Hovered; return tip(name, [textIn(data)]); } },
    series: [{
      type: 'treemap' as const, left: 0, right: 0, top: 0, bottom: 0, roam: false as const, nodeClick: false as const, breadcrumb: { show: false },
      label: { color: '#fff', fontSize: 12, overflow: 'truncate' as const }, upperLabel: { show: branches.some(({ children }) => children !== undefined), height: 20, color: colours.text, fontWeight: 'bold' as const },
      itemStyle: { borderColor: colours.surface, borderWidth: 1, gapWidth: 1 },
      levels: [{ itemStyle: { borderWidth: 0, gapWidth: 2 } }, { itemStyle: { gapWidth: 1 }, colorAlpha: [0.78, 1] }],
      data: branches.filter(positive).map((branch) => ({ ...leaf(branch), ...(branch.children ? { children: branch.children.filter(positive).map(leaf) } : {}) })),
    }],
  };
}
