/** Made-up months: two of them closed, one that may be, one that is not over; a closing that takes its time. */
const zone = '+01:00';
const seals: Readonly<Record<string, { readonly closedBy: string; readonly closedAt: string; readonly digest: string }>> = {
  '2026-01': { closedBy: 'N. Mbala', closedAt: '2026-02-04T07:41:00.000Z', digest: '41c7d2f09ab65e318fd2c9a4510c37b69f2c61d0a77e4be18fd2c9a4510c37b6' },
  '2026-02': { closedBy: 'M. Ilunga', closedAt: '2026-03-05T08:12:00.000Z', digest: '9f2c61d0a77e4be18fd2c9a4510c37b641c7d2f09ab65e318fd2c9a4510c37b6' },
};
const TABLES = 412;
const next = (month: string): string => (month.endsWith('12') ? `${Number(month.slice(0, 4)) + 1}-01` : `${month.slice(0, 5)}${String(Number(month.slice(5)) + 1).padStart(2, '0')}`);

export class MadeUpPeriods {
  /** Figures of the month that may be closed contradict each other. */
  contradictory = false;
  private readonly seals = new Map(Object.entries(seals));
  private progress: { by: string; done: number; total: number } | null = null;

  list(): object { return { periods: ['2026-04', '2026-03', '2026-02', '2026-01'].map((period) => ({ ...this.month(period), revenueChanged: { '2026-02': true, '2026-01': false, '2026-03': this.seals.has('2026-03') ? false : null }[period] ?? null })) }; }

  one(period: string): object {
    const { seal } = this.month(period) as { seal: object | null };
    const reason = seal ? 'already-closed' : period === '2026-04' ? 'provisional' : null;
    return {
      ...this.month(period), hindrance: reason && { reason, message: reason }, progress: period === '2026-03' ? this.progress : null,
      since: seal ? [
        { view: 'revenue', changed: period === '2026-02', totals: { assessed: period === '2026-02' ? '-1840220.50' : '0.00', relief: '0.00', collected: period === '2026-02' ? '-920110.25' : '0.00', refunded: '0.00', deposits: '0.00', lines: period === '2026-02' ? -3 : 0 } },
        { view: 'statistics', changed: false, totals: { value: '0.00', netMassKg: '0.000', items: 0 } },
      ] : [],
    };
  }

  /** Undefined: refused. */
  async close(period: string, by: string): Promise<object | undefined> {
    for (const done of [0, 120, 300, TABLES]) {
      this.progress = { by, done, total: done === 0 ? 0 : TABLES };
      await new Promise((later) => setTimeout(later, 900));
    }
    this.progress = null;
    if (this.contradictory) return undefined;
    this.seals.set(period, { closedBy: by, closedAt: new Date().toISOString(), digest: '0b6de1f4c2a89735'.repeat(4) });
    return { period };
  }

  private month(period: string): object {
    const seal = this.seals.get(period);
    return {
      period, from: new Date(`${period}-01T00:00:00${zone}`).toISOString(), to: new Date(`${next(period)}-01T00:00:00${zone}`).toISOString(), definitions: 'imts2010@1.0.0',
      status: seal ? 'closed' : period === '2026-04' ? 'provisional' : 'final', seal: seal ? { ...seal, definitions: 'imts2010@1.0.0', hashes: TABLES, fields: 96_412, streamTimeMs: 0, sourceOffsets: {} } : null,
    };
  }
}
