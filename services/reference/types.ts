/** Effective-dated reference data as decisions look it up. Validity dates are days in the profile's zone, both included. */
import type { DocumentOf } from './documents';
import type { NameTrie } from './name-trie';

export type { Profile, TradeSystem } from './profile';

export interface Validity { readonly validFrom: string | null; readonly validTo: string | null }

export type DefinitionPack = DocumentOf<'pack'>;
export type Watchlist = DocumentOf<'watchlist'>;
export type WatchlistRow = Watchlist['rows'][number];
export type IncotermRow = DefinitionPack['incoterms'][number];

/** A row as screening meets it. */
export interface ListedSubstance {
  readonly listId: string;
  readonly listVersion: string;
  readonly row: WatchlistRow;
  /** Per cent that is free, at RATE_SCALE; undefined: none. */
  readonly concentrationLimit: bigint | undefined;
  /** Kilograms above which its own code is corroborated, at MEASURE_SCALE; undefined: none. */
  readonly threshold: bigint | undefined;
  /** Headings under which the substance may be declared, for the misfit rule. */
  readonly headings: ReadonlySet<string>;
}
/** The lists in force at one moment. */
export interface WatchlistIndex {
  readonly own: ReadonlyMap<string, readonly ListedSubstance[]>;
  readonly basket: ReadonlyMap<string, readonly ListedSubstance[]>;
  readonly cas: ReadonlyMap<string, readonly ListedSubstance[]>;
  /** Names and synonyms, in normalised words. */
  readonly names: NameTrie<ListedSubstance>;
}

export interface Unit { readonly canonical: string; readonly numerator: bigint; readonly denominator: bigint; readonly deprecated: boolean }

/** Decimals of an exchange rate. */
export const EXCHANGE_RATE_SCALE = 10;

/** `homePerUnit`: units of the home currency for one of the other, at EXCHANGE_RATE_SCALE; of that rate since `sinceMs`. */
export interface ExchangeRate { readonly homePerUnit: bigint; readonly sinceMs: number }

/** What a commodity code is in the edition in force: listed there, known by another edition alone (with its successors), or unknown. */
export type CommodityStanding = 'listed' | 'unknown' | { readonly successors: readonly string[] };

/** The tables of one definition pack under one profile. */
export interface PackTables {
  /** Pack and version, e.g. imts2010@1.0.0. */
  readonly definitions: string;
  readonly pack: DefinitionPack;
  /** 'count', an X- code, or undefined when no row answers. */
  coverage(procedure: string): string | undefined;
  incoterm(code: string): IncotermRow | undefined;
  /** Undefined: no such mode. */
  transportMode(code: string): { readonly flag: string | null } | undefined;
  unit(code: string): Unit | undefined;
  /** Largest part of freight and insurance in the FOB value (VAL.06): per cent, at RATE_SCALE; undefined: any. */
  chargesLimit(chapter: string, mode: string): bigint | undefined;
  /** Taxes whose base is the customs value alone. */
  readonly valueTaxes: ReadonlySet<string>;
  /** Smallest value that counts (COV.06): minor units. */
  readonly statisticalThreshold: number;
}

/** What screening an item needs. */
export interface ScreeningRules {
  readonly pack: DefinitionPack;
  readonly watchlists: WatchlistIndex;
  /** Whether the country asks for a notice before that substance is exported to it (PEN.01). */
  readonly noticeRequired: (listId: string, rowId: string, country: string) => boolean;
}

/** Everything that applies at one moment. */
export interface InForce extends PackTables, ScreeningRules {
  /** Edition of the Harmonized System, e.g. 2022. */
  readonly edition: string;
  /** Since when (ms). */
  readonly editionSinceMs: number;
  countryKnown(code: string): boolean;
  /** When a code that is no longer one ceased to be (ms); undefined: it never was one, or still is. */
  countryWithdrawnAt(code: string): number | undefined;
  /** Undefined: not a currency at that moment. */
  currencyMinorUnits(code: string): number | undefined;
  /** Undefined: no official rate is loaded. */
  exchangeRate(currency: string): ExchangeRate | undefined;
  commodity(hs6: string): CommodityStanding;
}

/** One immutable set of reference data. */
export interface ReferenceSet {
  /** Names the set in every record that it decides. */
  readonly digest: string;
  /** What applies to a declaration accepted at that moment (ms). */
  at(atMs: number): InForce;
  /** Lists as they are at `listsAtMs`, for a declaration accepted at `atMs`: codes are those of its edition. */
  lookBack(atMs: number, listsAtMs: number): ScreeningRules;
}
