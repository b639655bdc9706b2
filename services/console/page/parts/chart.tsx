/** A drawing of what the table beside it says in full. */
import { BarChart, LineChart, TreemapChart } from 'echarts/charts';
import { GridComponent, LegendScrollComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'preact/hooks';
import type { ChartColours } from '../chart-options';
import { usePage } from '../context';

use([BarChart, LineChart, TreemapChart, GridComponent, LegendScrollComponent, TooltipComponent, SVGRenderer]);

interface ChartProps { readonly label: string; readonly tall?: number; readonly option: (colours: ChartColours) => EChartsCoreOption; readonly of: readonly unknown[] }

function coloursOf(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return { text: of('text'), quiet: of('quiet'), line: of('line'), surface: of('surface'), series: [1, 2, 3, 4, 5, 6].map((place) => of(`series-${place}`)) };
}

/** `of`: what the drawing depends on; `tall`: rows to be drawn. */
export function Chart({ label, tall, option, of }: ChartProps) {
  const { dark } = usePage();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | undefined>(undefined);
  useEffect(() => {
    const drawing = init(element.current, null, { renderer: 'svg' });
    chart.current = drawing;
    const watcher = new ResizeObserver(() => drawing.resize());
    watcher.observe(element.current as HTMLDivElement);
    return () => { watcher.disconnect(); drawing.dispose(); };
  }, []);
  useEffect(() => {
    chart.current?.resize();
    chart.current?.setOption(option(coloursOf(element.current as HTMLDivElement)), true);
  }, [dark, tall, ...of]);
  return <div class="chart" role="img" aria-label={label} ref={element} style={tall === undefined ? undefined : { height: `${Math.max(8, tall * 1.5 + 3)}rem` }} />;
}
