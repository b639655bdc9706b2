/** A period cut into the steps of a line: each step is a question of its own, so every point is as exact as a table. */
export interface Step { readonly period: string; readonly label: string; /** End of a rolling step. */ readonly at?: string }

const hourMs = 3_600_000;
const rolling: Readonly<Record<string, { readonly step: string; readonly stepMs: number; readonly count: number }>> = {
  '24h': { step: '1h', stepMs: hourMs, count: 24 }, '7d': { step: '24h', stepMs: 24 * hourMs, count: 7 }, '30d': { step: '24h', stepMs: 24 * hourMs, count: 30 },
};

/** What kind the steps of a period are of; undefined: it has none. */
export function stepKind(period: string): string | undefined {
  const [kind = '', value = ''] = period.split(':');
  if (kind === 'rolling') return value in rolling ? 'rolling' : undefined;
  return { year: 'month', quarter: 'month', month: 'day', day: 'hour' }[kind];
}

/** `lastKey`: the newest step that can hold anything yet, as `periodKeys` names it; `toIso`: the end of the period. */
export function stepsOf(period: string, toIso: string, lastKey: (kind: string) => string): Step[] {
  const colon = period.indexOf(':');
  const [kind, value] = [period.slice(0, colon), period.slice(colon + 1)];
  if (kind === 'rolling') return rollingSteps(value, Date.parse(toIso));
  const step = stepKind(period);
  if (step === undefined) return [];
  return keysWithin(kind, value).filter((key) => key <= lastKey(step)).map((key) => ({ period: `${step}:${key}`, label: key }));
}

function rollingSteps(length: string, toMs: number): Step[] {
  const cut = rolling[length];
  if (!cut) return [];
  return Array.from({ length: cut.count }, (_, index) => {
    const at = new Date(toMs - (cut.count - 1 - index) * cut.stepMs).toISOString();
    return { period: `rolling:${cut.step}`, label: at, at };
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

function keysWithin(kind: string, value: string): string[] {
  if (kind === 'year') return Array.from({ length: 12 }, (_, month) => `${value}-${two(month + 1)}`);
  if (kind === 'quarter') return Array.from({ length: 3 }, (_, month) => `${value.slice(0, 4)}-${two(Number(value.slice(6)) * 3 - 2 + month)}`);
  if (kind === 'day') return Array.from({ length: 24 }, (_, hour) => `${value}T${two(hour)}`);
  const [year = 0, month = 1] = value.split('-').map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: days }, (_, day) => `${value}-${two(day + 1)}`);
}

/** Runs tasks a few at a time, in order of their places. */
export async function fewAtOnce<Result>(tasks: readonly (() => Promise<Result>)[], atOnce: number): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let place = next++; place < tasks.length; place = next++) results[place] = await (tasks[place] as () => Promise<Result>)();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, worker));
  return results;
}
