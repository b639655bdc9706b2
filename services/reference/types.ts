/** Effective-dated reference data, as its files hold it and as decisions look it up. Validity dates are days in the profile's zone, both included. */

export type TradeSystem = 'general' | 'special-strict' | 'special-relaxed';

export interface Profile {
  readonly id: string;
  readonly reporter: string;
  readonly currency: string;
  readonly minorUnits: number;
  readonly timeZone: string;
  readonly tradeSystem: TradeSystem;
  readonly definitions: string;
  readonly languages: readonly string[];
  /** National verdicts before the pack's: procedure → 'count' or an X- code. */
  readonly procedureOverrides: Readonly<Record<string, string>>;
  readonly depositTaxTypes: readonly string[];
  readonly finalGraceMinutes: number;
}

export interface Validity { readonly validFrom: string | null; readonly validTo: string | null }

export interface ProcedureRow extends Readonly<Record<TradeSystem, string>> {
  /** Four characters, a dot stands for any digit. */
  readonly pattern: string;
}
/** `+freight`: the component must be added; `-freight`: taken off. */
export interface IncotermRow { readonly code: string; readonly importCif: readonly string[]; readonly exportFob: readonly string[] }
export interface UnitRow { readonly code: string; readonly canonical: string; readonly numerator: string; readonly denominator: string; readonly deprecated: boolean }

export interface DefinitionPack extends Validity {
  readonly kind: 'pack';
  readonly id: string;
  readonly version: string;
  readonly procedures: readonly ProcedureRow[];
  readonly incoterms: readonly IncotermRow[];
  readonly transportModes: readonly { readonly code: string; readonly flag: string | null }[];
  readonly noPaymentNatures: readonly string[];
  readonly units: readonly UnitRow[];
  readonly packagingUnits: readonly string[];
  readonly taxes: { readonly deposit: readonly string[]; readonly total: readonly string[]; readonly nonTax: readonly string[] };
  /** A tax's base is the customs value and what is due of these. */
  readonly baseChains: readonly { readonly tax: string; readonly adds: readonly string[] }[];
  readonly specialCodes: readonly { readonly hs: string; readonly code: string }[];
  readonly residualChapters: readonly string[];
}

export interface WatchlistRow extends Validity {
  readonly rowId: string;
  readonly substance: string;
  readonly synonyms: readonly string[];
  readonly cas: readonly string[];
  readonly hs: readonly { readonly edition: string; readonly code: string; readonly kind: 'own' | 'basket' }[];
  /** Subheadings under which mixtures of it are declared: no misfit there. */
  readonly mixtureHs: readonly string[];
  readonly familyKeywords: readonly string[];
  readonly concentrationLimitPercent: string | null;
  readonly status: string;
}
export interface Watchlist extends Validity { readonly kind: 'watchlist'; readonly id: string; readonly version: string; readonly rows: readonly WatchlistRow[] }

/** A row as screening meets it. */
export interface ListedSubstance {
  readonly listId: string;
  readonly listVersion: string;
  readonly row: WatchlistRow;
  /** Headings under which the substance may be declared, for the misfit rule. */
  readonly headings: ReadonlySet<string>;
}
/** The lists in force at one moment. */
export interface WatchlistIndex {
  readonly own: ReadonlyMap<string, readonly ListedSubstance[]>;
  readonly basket: ReadonlyMap<string, readonly ListedSubstance[]>;
  readonly cas: ReadonlyMap<string, readonly ListedSubstance[]>;
  /** First word of each name → names in normalised words. */
  readonly names: ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly listed: ListedSubstance }[]>;
}

export interface Unit { readonly canonical: string; readonly numerator: bigint; readonly denominator: bigint; readonly deprecated: boolean }

/** One immutable set of reference data. Lookups take the moment that decides (ms). */
export interface ReferenceSet {
  readonly digest: string;
  /** Pack and version, e.g. imts2010@1.0.0. */
  readonly definitions: string;
  readonly pack: DefinitionPack;
  countryKnown(code: string, atMs: number): boolean;
  /** Undefined: not a currency at that moment. */
  currencyMinorUnits(code: string, atMs: number): number | undefined;
  headingKnown(heading: string, atMs: number): boolean;
  /** 'count', an X- code, or undefined when no row answers. */
  coverage(procedure: string): string | undefined;
  incoterm(code: string): IncotermRow | undefined;
  /** Undefined: no such mode. */
  transportMode(code: string): { readonly flag: string | null } | undefined;
  unit(code: string): Unit | undefined;
  watchlists(atMs: number): WatchlistIndex;
}
