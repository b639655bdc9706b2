/** Synthetic declarations in the order in which they arrive: versions, late ones, repeats, conflicts, faults. */
import type { Profile } from '../reference/types';
import { Arrivals } from './arrivals';
import { makeLife, type World } from './declaration';
import { copyItems, type DraftEvent } from './draft';
import { faults, type Fault } from './faults';
import { Random } from './random';
import { renderEvent } from './render';
import { vocabularyOf } from './vocabulary';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Shares of events, except where it says otherwise. */
export const arrivalShares = { faults: 0.01, repeats: 0.02, conflicts: 0.008, /** of declarations with several versions */ overtaken: 0.04 } as const;

export interface GenerateOptions {
  readonly profile: Profile;
  readonly seed: string;
  /** Events, that is lines. */
  readonly count: number;
  readonly days: number;
  readonly untilMs: number;
  readonly withFaults: boolean;
}
/** `fault`: why the event must be refused. */
export interface MadeEvent { readonly line: string; readonly fault: Fault | undefined }
export interface Tally { events: number; declarations: number; amended: number; cancelled: number; repeats: number; conflicts: number; faults: number }

/** What a declaration comes to: everything that the file holds of it, in no order. */
export type DeclarationListener = (events: readonly MadeEvent[]) => void;

/** Yields lines without their ends. `tally` is filled on the way; `listener` hears of each declaration once. */
export function* generate(options: GenerateOptions, tally: Tally, listener?: DeclarationListener): Generator<string> {
  const { profile, seed, count, days, untilMs } = options;
  const world: World = {
    profile, untilMs, random: new Random(`tidewaiter/${seed}`), mark: new Random(`mark/${seed}`).next().toString(36).slice(2, 6).padEnd(4, '0'),
    words: vocabularyOf(profile, new Random(`vocabulary/${profile.id}`)),
  };
  const arrivals = new Arrivals<string>();
  const fromMs = untilMs - days * DAY;
  while (tally.events < count) {
    const atMs = Math.min(untilMs, inOpeningHours(fromMs, (tally.events / count) * days));
    const made = makeArrivals(world, options, tally.declarations + 1, atMs, tally).slice(0, count - tally.events);
    tally.declarations++;
    tally.events += made.length;
    listener?.(made);
    for (const { at, line } of made) arrivals.put(at, line);
    for (let line = arrivals.take(atMs); line !== undefined; line = arrivals.take(atMs)) yield line;
  }
  for (let line = arrivals.take(Infinity); line !== undefined; line = arrivals.take(Infinity)) yield line;
}

/** Four fifths of a day's work in ten hours. `day`: days since the beginning, with their fraction. */
function inOpeningHours(fromMs: number, day: number): number {
  const part = day % 1;
  const hours = part < 0.1 ? part * 70 : part < 0.9 ? 7 + (part - 0.1) * 12.5 : 17 + (part - 0.9) * 70;
  return Math.floor(fromMs + Math.floor(day) * DAY + hours * HOUR);
}

interface Timed extends MadeEvent { readonly at: number }

function makeArrivals(world: World, options: GenerateOptions, number: number, atMs: number, tally: Tally): Timed[] {
  const { random } = world;
  const life = makeLife(world, number, atMs);
  if (life.amended) tally.amended++;
  if (life.cancelled) tally.cancelled++;
  const spoiled = options.withFaults ? spoil(life.versions, world, tally) : undefined;
  const made: Timed[] = [];
  for (const version of life.versions) {
    const fault = version === spoiled?.version ? spoiled.fault : undefined;
    const line = renderEvent(version);
    const at = Math.max(atMs, fault ? atMs : version.occurredAt) + delay(random);
    made.push({ at, line, fault });
    if (random.chance(arrivalShares.repeats)) {
      tally.repeats++;
      made.push({ at: at + random.between(0, DAY), line, fault });
    }
    if (fault === undefined && random.chance(arrivalShares.conflicts)) {
      tally.conflicts++;
      made.push({ at: at + random.between(0, DAY), line: renderEvent(sentAgain(version, world)), fault });
    }
  }
  if (life.versions.length > 1 && random.chance(arrivalShares.overtaken)) overtake(made);
  return made;
}

/** Most come within a minute, some within hours, few days late. */
function delay(random: Random): number {
  const kind = random.next();
  return Math.floor(random.next() * (kind < 0.9 ? 60_000 : kind < 0.98 ? 2 * HOUR : 2 * DAY));
}

/** The first arrives after the last. */
function overtake(made: Timed[]): void {
  const [first, last] = [made[0] as Timed, made[made.length - 1] as Timed];
  made[0] = { ...first, at: Math.max(first.at, last.at) + 1_000 };
}

/** The same version under another event id, half of them with another mass and a little later: the later in order stands. */
function sentAgain(version: DraftEvent, { random, untilMs }: World): DraftEvent {
  const again = { ...version, eventId: `${version.eventId}${random.chance(0.5) ? 'b' : '-again'}` };
  if (!random.chance(0.5)) return again;
  again.items = copyItems(again.items);
  for (const item of again.items) item.netMass += 1_000_000;
  again.occurredAt = Math.min(untilMs, again.occurredAt + random.between(0, HOUR));
  return again;
}

/** Puts a version that must be refused among the others, sometimes; those behind it move up by one. */
function spoil(versions: DraftEvent[], world: World, tally: Tally): { version: DraftEvent; fault: Fault } | undefined {
  const { random, profile } = world;
  if (!random.chance(arrivalShares.faults * versions.length)) return undefined;
  tally.faults++;
  const fault = random.pick(faults);
  const sound = versions.filter(({ status }) => status !== 'CANCELLED');
  const model = random.pick(sound);
  const version: DraftEvent = { ...model, items: copyItems(model.items), payments: [...model.payments], status: 'ACCEPTED', acceptedAt: model.acceptedAt ?? model.occurredAt };
  versions.splice(versions.indexOf(model), 0, version);
  versions.forEach((each, index) => Object.assign(each, { version: index + 1, eventId: `${each.declarationId}/${index + 1}` }));
  fault.apply(version, profile);
  return { version, fault };
}

export const emptyTally = (): Tally => ({ events: 0, declarations: 0, amended: 0, cancelled: 0, repeats: 0, conflicts: 0, faults: 0 });
