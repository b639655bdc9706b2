/** What every part of the page has at hand: who is here, in which language, and where. */
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { formatDecimalText, separatorsOf } from './amount';
import type { Permission, Session } from './contract';
import type { Live, LiveEvent } from './live';
import { formatAge, formatClock, formatDay, formatMoment, formatMonth, formatRecent } from './moments';
import type { Changes } from './place';
import { Refusal, ask } from './server';
import { namedValue, valueName } from './names';
import { locales, translate, wordOf, type Language, type TextKey } from './texts';

export interface Words {
  readonly language: Language;
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly word: (area: string, name: string) => string;
  readonly valueName: (dimension: string, value: string) => string | undefined;
  /** Code and name, as `87 – Vehicles`. */
  readonly namedValue: (dimension: string, value: string) => string;
  /** An exact decimal text, grouped. */
  readonly decimal: (text: string) => string;
  readonly count: (value: number) => string;
  readonly age: (milliseconds: number) => string;
  /** `2026-03` → March 2026. */
  readonly month: (key: string) => string;
}
export interface Page extends Words {
  readonly session: Session;
  readonly search: string;
  readonly dark: boolean;
  readonly go: (changes: Changes, how?: 'push' | 'replace') => void;
  readonly can: (permission: Permission) => boolean;
  readonly moment: (iso: string) => string;
  readonly clock: (iso: string) => string;
  /** With its date where that is not today. */
  readonly recent: (iso: string) => string;
  readonly day: (iso: string) => string;
  readonly announce: (text: string) => void;
  readonly live: Live;
}

export const WordsContext = createContext<Words | undefined>(undefined);
export const PageContext = createContext<Page | undefined>(undefined);

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('used outside the page');
  return value;
}
export const useWords = (): Words => present(useContext(WordsContext));
export const usePage = (): Page => present(useContext(PageContext));

export function wordsIn(language: Language): Words {
  const separators = separatorsOf(locales[language]);
  return {
    language,
    t: (key, values) => translate(language, key, values),
    word: (area, name) => wordOf(language, area, name),
    valueName: (dimension, value) => valueName(language, dimension, value),
    namedValue: (dimension, value) => namedValue(language, dimension, value),
    decimal: (text) => formatDecimalText(text, separators),
    count: (value) => formatDecimalText(String(value), separators),
    age: (milliseconds) => formatAge(milliseconds, translate(language, 'unit.day')),
    month: (key) => formatMonth(key, locales[language]),
  };
}

export function momentsIn(language: Language, timeZone: string): Pick<Page, 'moment' | 'clock' | 'recent' | 'day'> {
  const clock = { locale: locales[language], timeZone };
  return { moment: (iso) => formatMoment(iso, clock), clock: (iso) => formatClock(iso, clock), recent: (iso) => formatRecent(iso, Date.now(), clock), day: (iso) => formatDay(iso, clock) };
}

/** Calls the newest listener for every such event. */
export function useLive<Data>(event: LiveEvent, listener: (data: Data) => void): void {
  const { live } = usePage();
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => live.on(event, (data) => newest.current(data as Data)), [live, event]);
}

/** The wall clock of the page, for ages and stale badges. */
export function useNowMs(everyMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly failure: Refusal | undefined;
  readonly asking: boolean;
  readonly answeredAtMs: number | undefined;
  readonly again: () => void;
  readonly replace: (answer: Answer) => void;
}

/** Asks, and asks again when told to; the last answer stays until the next one is there, and none is shown for another question's failure. */
export function useAsked<Answer>(path: string | undefined): Asked<Answer> {
  const [state, setState] = useState<Pick<Asked<Answer>, 'answer' | 'failure' | 'asking' | 'answeredAtMs'>>({ answer: undefined, failure: undefined, asking: path !== undefined, answeredAtMs: undefined });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === undefined) {
      setState({ answer: undefined, failure: undefined, asking: false, answeredAtMs: undefined });
      return undefined;
    }
    const stopper = new AbortController();
    setState((before) => ({ ...before, asking: true }));
    ask<Answer>(path, { signal: stopper.signal }).then(
      (answer) => setState({ answer, failure: undefined, asking: false, answeredAtMs: Date.now() }),
      (failure: unknown) => { if (!stopper.signal.aborted) setState((before) => ({ ...before, ...answerBeside(failure, before.answer), failure: asRefusal(failure), asking: false })); },
    );
    return () => stopper.abort();
  }, [path, turn]);
  return { ...state, again: () => setTurn((before) => before + 1), replace: (answer) => setState((before) => ({ ...before, answer, failure: undefined, asking: false })) };
}

/** A server that is away leaves the last figures standing; one that refuses the question leaves none. */
const answerBeside = <Answer>(failure: unknown, answer: Answer | undefined): { answer: Answer | undefined } =>
  ({ answer: failure instanceof Refusal && failure.status < 500 && failure.status !== 429 ? undefined : answer });

export const asRefusal = (failure: unknown): Refusal => (failure instanceof Refusal ? failure : new Refusal(0, 'unreachable', failure instanceof Error ? failure.message : String(failure)));
