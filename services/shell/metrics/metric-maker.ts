import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { flow } from '../../topology';
import type { MetricDeclaration } from './metric-table';

/** Makes the metrics of one service of their declarations. */
export class MetricMaker {
  constructor(private readonly service: string, private readonly registry: Registry) {}

  counter(declaration: MetricDeclaration): Counter { return new Counter(this.settings(declaration)); }
  histogram(declaration: MetricDeclaration): Histogram { return new Histogram({ ...this.settings(declaration), buckets: [...(declaration.buckets ?? [])] }); }
  /** `collect`: sets it at each scrape. */
  gauge(declaration: MetricDeclaration, collect?: (gauge: Gauge) => void): Gauge {
    return new Gauge({ ...this.settings(declaration), ...(collect ? { collect() { collect(this); } } : {}) });
  }

  /** A metric that the service never has would show as a zero: it is in no registry. */
  private settings({ name, help, labels, of }: MetricDeclaration) {
    const upstream = flow.some((stage) => stage.name === this.service);
    const has = of === 'all' || of === this.service || (of === 'upstream' && upstream) || (of === 'stages' && (upstream || this.service === 'aggregate'));
    return { name, help, labelNames: [...labels], registers: has ? [this.registry] : [] };
  }
}
