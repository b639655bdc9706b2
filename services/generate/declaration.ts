/** The life of one synthetic declaration: its versions as they came into being, before faults and repeats. */
import type { Profile } from '../reference/types';
import { copyItems, minorOf, type DraftEvent, type DraftItem, type DraftPayment, type Status } from './draft';
import { drawIncoterm, makeItem, type ItemHead } from './goods';
import { atLeastOne, MEASURE_UNIT } from './amounts';
import { weighted, type Random } from './random';
import { assess, payable } from './taxes';
import type { Vocabulary } from './vocabulary';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Shares of declarations, except where it says otherwise. */
export const shares = {
  exports: 0.22, lodgedFirst: 0.15, /** of those lodged first */ notYetAccepted: 0.1, releasedAtOnce: 0.12, released: 0.55, amended: 0.05, cancelled: 0.01,
  /** of amendments: months after acceptance */
  late: 0.2,
  /** of items */
  precursors: 0.012,
} as const;

const importProcedures = weighted([['4000', 86], ['4071', 4], ['5100', 2], ['5300', 2], ['7100', 3], ['4200', 1], ['4053', 0.5], ['6110', 0.5], ['6123', 0.3], ['8000', 0.7]]);
const exportProcedures = weighted([['1000', 88], ['3151', 3], ['2100', 3], ['2300', 3], ['3171', 2], ['8000', 1]]);
const modes = weighted([['1', 44], ['3', 32], ['4', 14], ['2', 4], ['8', 3], ['5', 1], ['7', 1], ['9', 0.5], ['0', 0.3], ['6', 0.2]]);
const natures = weighted<string | null>([['11', 70], [null, 20], ['21', 3], ['34', 0.5], ['41', 2], ['99', 1]]);

export interface World {
  readonly profile: Profile;
  readonly words: Vocabulary;
  readonly random: Random;
  /** Nothing comes into being after it, ms. */
  readonly untilMs: number;
  /** Sets declarations of other seeds apart. */
  readonly mark: string;
}
export interface Life { readonly versions: DraftEvent[]; readonly amended: boolean; readonly cancelled: boolean }

/** `number`: of the declaration in the file; `atMs`: when it comes in. */
export function makeLife(world: World, number: number, atMs: number): Life {
  const { random } = world;
  const amended = random.chance(shares.amended);
  const months = amended && random.chance(shares.late);
  const beginMs = months ? atMs - random.between(30, 200) * DAY - random.between(0, DAY) : atMs;
  const life = new Versions(world, firstVersion(world, number, beginMs));
  if (random.chance(shares.lodgedFirst)) life.begin('LODGED');
  else if (random.chance(shares.releasedAtOnce)) life.begin('RELEASED').pay();
  else life.begin('ACCEPTED');
  if (life.status === 'LODGED' && !random.chance(shares.notYetAccepted)) life.step('ACCEPTED', random.between(5 * MINUTE, 30 * HOUR));
  if (life.status === 'ACCEPTED' && random.chance(shares.released)) life.step('RELEASED', random.between(HOUR, 3 * DAY)).pay();
  if (amended) life.amend(months ? Math.max(HOUR, atMs - life.lastMs) : random.between(HOUR, 6 * DAY));
  const cancelled = random.chance(shares.cancelled);
  if (cancelled) life.cancel();
  return { versions: life.versions, amended, cancelled };
}

function firstVersion(world: World, number: number, atMs: number): DraftEvent {
  const { profile, words, random } = world;
  const flow = random.chance(shares.exports) ? 'EXPORT' : 'IMPORT';
  const office = words.offices.draw(random);
  const declarationId = `${new Date(atMs).getUTCFullYear() % 100}${profile.id}-${office}-${world.mark}-${String(number).padStart(7, '0')}`;
  const trader = words.traders.draw(random);
  const head: ItemHead & { partner: string } = {
    flow, procedure: (flow === 'IMPORT' ? importProcedures : exportProcedures).draw(random), nature: natures.draw(random),
    incoterm: drawIncoterm(random), partner: flow === 'IMPORT' && random.chance(0.002) ? 'ZZ' : words.partners.draw(random), atMs,
  };
  const items: DraftItem[] = [];
  const context = { profile, words, random, precursors: shares.precursors };
  for (let last = words.itemCounts.draw(random), itemNumber = 1; itemNumber <= last; itemNumber++) items.push(makeItem(context, head, itemNumber));
  return {
    eventId: '', declarationId, version: 1, status: 'LODGED', occurredAt: atMs, acceptedAt: null, office, flow, procedure: head.procedure, nature: head.nature, incoterm: head.incoterm,
    transportMode: modes.draw(random), partner: head.partner, declarantId: `AG${String(random.between(1, 300)).padStart(4, '0')}`, traderId: `A${String(1_000_000 + trader * 37)}X`,
    counterpartyId: random.chance(0.6) ? `S-${random.between(1, 20_000)}` : null, items, payments: [],
  };
}

/** Versions one after the other; each is a whole declaration. */
class Versions {
  readonly versions: DraftEvent[] = [];
  private readonly minor: number;

  constructor(private readonly world: World, private readonly first: DraftEvent) { this.minor = minorOf(world.profile); }

  private get last(): DraftEvent { return this.versions[this.versions.length - 1] as DraftEvent; }
  get status(): Status { return this.last.status; }
  get lastMs(): number { return this.last.occurredAt; }

  begin(status: Status): this {
    const { first } = this;
    this.versions.push(Object.assign(first, { status, eventId: `${first.declarationId}/1`, acceptedAt: status === 'LODGED' ? null : first.occurredAt }));
    return this;
  }

  /** A version that repeats the one before, `afterMs` later, or sooner where that would lie in the future. */
  step(status: Status, afterMs: number): this {
    const { last, world } = this;
    const version = last.version + 1;
    const room = world.untilMs - last.occurredAt;
    const occurredAt = last.occurredAt + (afterMs <= room ? afterMs : Math.floor(room * world.random.next()));
    let acceptedAt = last.acceptedAt ?? (status === 'CANCELLED' || status === 'LODGED' ? null : occurredAt);
    if (acceptedAt !== null && last.acceptedAt !== null && world.random.chance(0.004)) acceptedAt -= world.random.between(1, 40) * HOUR;
    this.versions.push({ ...last, eventId: `${last.declarationId}/${version}`, version, status, occurredAt, acceptedAt, payments: [...last.payments] });
    return this;
  }

  /** Adds what is still to be paid to the last version, or what was paid too much. */
  pay(): this {
    const { last, world: { random } } = this;
    for (const [taxType, sum] of payable(last.items)) {
      const open = sum - balance(last.payments, taxType);
      const secured = taxType === 'MCD';
      if (open === 0 || (open < 0 && secured)) continue;
      const paidAt = Math.max(last.acceptedAt ?? last.occurredAt, last.occurredAt - random.between(0, 2 * HOUR));
      const kind = open < 0 ? 'REFUND' : secured || random.chance(0.01) ? 'DEPOSIT' : 'PAYMENT';
      const amount = Math.abs(open);
      const half = atLeastOne(amount / 2, this.minor);
      if (random.chance(0.06) && half < amount) last.payments.push({ taxType, kind, amount: half, paidAt }, { taxType, kind, amount: amount - half, paidAt: last.occurredAt });
      else last.payments.push({ taxType, kind, amount, paidAt });
    }
    return this;
  }

  /** A correction: price, mass, origin, or one item less; taxes follow, and so do payments where some were made. */
  amend(afterMs: number): this {
    const { random, words } = this.world;
    this.step(this.status === 'RELEASED' && random.chance(0.1) ? 'ACCEPTED' : this.status, afterMs);
    const { last } = this;
    const items = copyItems(last.items);
    if (items.length > 2 && random.chance(0.15)) items.pop();
    const item = random.pick(items);
    item.invoice = atLeastOne(item.invoice * (0.7 + random.next() * 0.6), this.minor) + 2 * ((item.freight ?? 0) + (item.insurance ?? 0));
    if (random.chance(0.4)) item.netMass = atLeastOne(item.netMass * (0.8 + random.next() * 0.4), MEASURE_UNIT / 1_000);
    if (last.flow === 'IMPORT' && random.chance(0.2)) item.origin = words.partners.draw(random);
    assess(item, last, this.minor, random);
    last.items = items;
    if (last.payments.length > 0) this.pay();
    return this;
  }

  /** Cancelled, half of the paid ones with their money back; few are taken up again. */
  cancel(): this {
    const { random } = this.world;
    this.step('CANCELLED', random.between(HOUR, 8 * DAY));
    const { last } = this;
    if (random.chance(0.5)) {
      for (const { taxType, kind, amount } of [...last.payments]) if (kind === 'PAYMENT') last.payments.push({ taxType, kind: 'REFUND', amount, paidAt: last.occurredAt });
    }
    if (random.chance(0.05)) this.step('RELEASED', random.between(HOUR, 2 * DAY));
    return this;
  }
}

/** Paid, deposited, less given back, in 0.0001. */
const balance = (payments: readonly DraftPayment[], taxType: string): number =>
  payments.reduce((sum, payment) => (payment.taxType !== taxType ? sum : payment.kind === 'REFUND' ? sum - payment.amount : sum + payment.amount), 0);
