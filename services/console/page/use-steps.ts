/** The answers behind a line, asked for a few at a time and not at every tick; all but the newest are taken as the server told them to others. */
import { useEffect, useState } from 'preact/hooks';
import { asRefusal, usePage } from './context';
import type { Figures } from './contract';
import { limits } from './limits';
import { periodKeys, type PeriodKeys } from './moments';
import { figureQuery, type FigurePlace } from './place';
import { ask, type Refusal } from './server';
import { fewAtOnce, stepsOf } from './series';

export interface StepAnswer { readonly label: string; readonly figures: Figures }
interface Found { readonly key: string; readonly atMs: number; readonly steps?: readonly StepAnswer[]; readonly failure?: Refusal }

export function useSteps(figures: Figures, place: FigurePlace): { readonly steps: readonly StepAnswer[] | undefined; readonly failure: Refusal | undefined; readonly again: () => void } {
  const { session } = usePage();
  const [found, setFound] = useState<Found>();
  const [turn, setTurn] = useState(0);
  const key = `${figures.view}?${figureQuery({ ...place, by: place.by.slice(0, 1) })}`;
  const round = Math.floor(Date.now() / limits.seriesRefreshMs);
  useEffect(() => {
    let wanted = true;
    const { timeZone } = session.profile;
    const newest = periodKeys(Math.max(Date.now(), Date.parse(figures.asOf.streamTime ?? '') || 0), timeZone);
    const steps = stepsOf(place.period, figures.period.to, (kind) => newest[kind as keyof PeriodKeys]);
    const tasks = steps.map((step, number) => async (): Promise<StepAnswer> => {
      if (!wanted) throw new Error('no longer wanted');
      return { label: step.label, figures: await ask<Figures>(`/figures/${figures.view}?${figureQuery({ period: step.period, by: place.by.slice(0, 1), where: place.where }, step.at)}`, number < steps.length - 1 ? { mostAgeMs: limits.seriesRefreshMs } : {}) };
    });
    fewAtOnce(tasks, limits.seriesAtOnce).then(
      (answered) => { if (wanted) setFound({ key, atMs: Date.now(), steps: answered }); },
      (failure: unknown) => { if (wanted) setFound({ key, atMs: Date.now(), failure: asRefusal(failure) }); },
    );
    return () => { wanted = false; };
  }, [key, round, turn, figures.view]);
  const current = found?.key === key ? found : undefined;
  return { steps: current?.steps, failure: current?.failure, again: () => setTurn((before) => before + 1) };
}
