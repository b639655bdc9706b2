/**
 * Self-checks that go on while figures flow: every few seconds one view of one period, in turn the newest month
 * and day and all the months there are. What disagrees is looked at once more before it is an alarm.
 */
import type { Cubes } from '../domain/cubes';
import type { Calendar } from '../domain/period';
import { limits } from '../limits';
import { readDefinitionsByMonth } from '../shell/applied-definitions';
import type { FigureReader } from '../shell/figure-store';
import type { View } from '../topology';
import { checkPeriod, type PeriodCheck } from './check-period';
import type { Disagreement } from './self-checks';

/** Takes what a check found; undefined: it passed. */
export type AlarmListener = (check: string, finding: string | undefined) => void;

export class SelfCheckTurns {
  private nextMs = 0;
  private round: PeriodCheck[] = [];
  /** Found wrong: looked at again every other turn, so that an alarm ends soon after its cause. */
  private readonly wrong = new Map<string, PeriodCheck>();
  private againNext = false;

  constructor(private readonly cubes: Cubes, private readonly calendar: Calendar, private readonly reader: FigureReader, private readonly onAlarm: AlarmListener) {}

  /** One check, when it is due. A period with more fields than one reading may take is left to `tidewaiter verify`. */
  async turn(nowMs: number, streamTimeMs: number): Promise<void> {
    if (nowMs < this.nextMs || streamTimeMs === 0) return;
    this.nextMs = nowMs + limits.selfCheckIntervalMs;
    if (this.round.length === 0) this.round = await this.nextRound(streamTimeMs);
    const check = this.nextCheck();
    if (!check) return;
    const found = (await this.disagreements(check)).length === 0 ? [] : await this.disagreements(check);
    const name = `self-check ${check.view} ${check.period}`;
    this.wrong.delete(name);
    if (found.length > 0) this.wrong.set(name, check);
    this.onAlarm(name, found[0] && inWords(found[0], found.length));
  }

  private nextCheck(): PeriodCheck | undefined {
    const [again] = this.wrong.values();
    this.againNext = !this.againNext;
    return this.againNext && again ? again : this.round.shift();
  }

  private async disagreements(check: PeriodCheck): Promise<readonly Disagreement[]> {
    const outcome = await checkPeriod(check, this.cubes, this.calendar, this.reader, limits.selfCheckFields);
    return 'disagreements' in outcome ? outcome.disagreements : [];
  }

  /** The newest day and month between any two of the older months. */
  private async nextRound(streamTimeMs: number): Promise<PeriodCheck[]> {
    const { day, month: newest } = this.calendar.keysOf(streamTimeMs);
    const views = Object.keys(this.cubes) as View[];
    const current = views.flatMap((view): PeriodCheck[] => [{ view, grain: 'day', period: day }, { view, grain: 'month', period: newest }]);
    const months = [...(await readDefinitionsByMonth(this.reader)).keys()];
    const older = months.filter((month) => month !== newest).flatMap((period) => views.map((view): PeriodCheck => ({ view, grain: 'month', period })));
    return [...current, ...older];
  }
}

/** The first of them, for a line of status and of the log. */
export const inWords = ({ view, period, cell, measure, left, leftSum, right, rightSum }: Disagreement, count: number): string =>
  `figures disagree: ${view} ${period} ${cell === '' ? '' : `${cell} `}${measure} is ${leftSum} in ${left} and ${rightSum} in ${right}${count > 1 ? `; and ${count - 1} more` : ''}. "tidewaiter verify" names them all`;
