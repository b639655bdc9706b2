/** Months for whoever signs them off. That revenue has changed since is read for the newest closed ones, and not for every page anew. */
import type { Seal } from '../../closing/closed-period';
import { limits } from '../../limits';
import type { Month } from '../../query/months';
import type { View } from '../../topology';
import type { Figures } from './figures';
import { Fresh } from './fresh';

/** `revenueChanged`, null: not closed, not compared, or the store is catching up. */
export interface ListedMonth extends Month { readonly revenueChanged: boolean | null }
/** `changed`, null: too much to be compared while somebody waits. */
export interface SinceClosed { readonly view: View; readonly changed: boolean | null; readonly totals: Readonly<Record<string, unknown>> | null }

const comparedViews: readonly View[] = ['revenue', 'statistics'];

export class Months {
  private readonly listed: Fresh<ListedMonth[]>;

  constructor(private readonly figures: Figures) { this.listed = new Fresh(() => this.compared(), limits.consoleMonthsComparedMs); }

  /** Seals and statuses are of now. */
  async list(): Promise<ListedMonth[]> {
    const known = new Map((await this.listed.get()).map((month) => [month.seal?.closeId, month.revenueChanged]));
    return (await this.figures.months()).map((month) => ({ ...month, revenueChanged: known.get(month.seal?.closeId) ?? null }));
  }

  async one(period: string): Promise<Month | undefined> {
    return (await this.figures.months([period])).find((month) => month.period === period);
  }

  /** What has come to a closed month since, by view. */
  async since(seal: Seal): Promise<SinceClosed[]> {
    const found: SinceClosed[] = [];
    for (const view of comparedViews) {
      const answer = await this.figures.answer({ view, by: [], where: {}, period: { kind: 'month', value: seal.period }, adjustments: true });
      const caughtUp = 'totals' in answer && answer.adjusted !== undefined;
      found.push({ view, changed: caughtUp ? await this.figures.changedSince(seal, { view, grains: ['day', 'month'], maxFields: limits.comparedFields }) : null, totals: caughtUp ? answer.totals : null });
    }
    return found;
  }

  private async compared(): Promise<ListedMonth[]> {
    const months = await this.figures.months();
    const newest = new Set(months.flatMap(({ seal }) => seal ?? []).slice(0, limits.closedMonthsCompared));
    const catchingUp = months.some(({ status }) => status === 'catching-up');
    const listed: ListedMonth[] = [];
    for (const month of months) {
      const compare = month.seal !== undefined && newest.has(month.seal) && !catchingUp;
      listed.push({ ...month, revenueChanged: compare ? await this.figures.changedSince(month.seal, { view: 'revenue', grains: ['month'], maxFields: limits.comparedFields }) : null });
    }
    return listed;
  }
}
