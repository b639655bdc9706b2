import { limits } from '../limits';
import { parseDecimal, RATE_SCALE } from '../domain/decimal';
import { documentName } from './documents';
import type { DefinitionPack, IncotermRow, PackTables, Profile, Unit } from './types';

/** Anything else is in no table, however long it is. */
const procedureForm = /^\d{4}$/;

/** The lookups of one definition pack; the profile's verdicts come before the pack's. */
export function packTables(pack: DefinitionPack, profile: Profile): PackTables {
  const incoterms = new Map<string, IncotermRow>(pack.incoterms.map((row) => [row.code, row]));
  const modes = new Map(pack.transportModes.map((row) => [row.code, { flag: row.flag }]));
  const units = new Map<string, Unit>(pack.units.map((row) => [row.code, { canonical: row.canonical, numerator: BigInt(row.numerator), denominator: BigInt(row.denominator), deprecated: row.deprecated }]));
  return {
    definitions: documentName(pack), pack,
    coverage: coverageLookup(pack, profile),
    incoterm: (code) => incoterms.get(code), transportMode: (code) => modes.get(code), unit: (code) => units.get(code),
    chargesLimit: chargesLimit(pack),
    valueTaxes: new Set(pack.baseChains.filter(({ adds }) => adds.length === 0).map(({ tax }) => tax)),
    statisticalThreshold: profile.statisticalThreshold === null ? -Infinity : Number(parseDecimal(profile.statisticalThreshold, profile.minorUnits) ?? 0n),
  };
}

/** The row for chapter and mode comes before those for one of them, before the one for all. */
function chargesLimit({ cifFobLimits }: DefinitionPack): (chapter: string, mode: string) => bigint | undefined {
  const known = new Map<string, bigint | undefined>();
  const weight = ({ chapter, mode }: (typeof cifFobLimits)[number]): number => (chapter === null ? 0 : 2) + (mode === null ? 0 : 1);
  const ordered = [...cifFobLimits].sort((a, b) => weight(b) - weight(a));
  return (chapter, mode) => {
    const key = `${chapter}/${mode}`;
    if (known.has(key)) return known.get(key);
    const row = ordered.find((limit) => (limit.chapter === null || limit.chapter === chapter) && (limit.mode === null || limit.mode === mode));
    const limit = row && parseDecimal(row.percent, RATE_SCALE);
    if (known.size < limits.tableAnswersCached) known.set(key, limit);
    return limit;
  };
}

/** Rows without a dot come before those that stand for several procedures. */
function coverageLookup(pack: DefinitionPack, profile: Profile): (procedure: string) => string | undefined {
  const rows = pack.procedures.map((row) => ({ matches: new RegExp(`^${row.pattern.replace(/\./g, '\\d')}$`), exact: !row.pattern.includes('.'), verdict: row[profile.tradeSystem] }));
  const ordered = [...rows.filter(({ exact }) => exact), ...rows.filter(({ exact }) => !exact)];
  const known = new Map<string, string | undefined>();
  const overrides = new Map(Object.entries(profile.procedureOverrides));
  return (procedure) => {
    if (!procedureForm.test(procedure)) return undefined;
    if (known.has(procedure)) return known.get(procedure);
    const verdict = overrides.get(procedure) ?? ordered.find(({ matches }) => matches.test(procedure))?.verdict;
    if (known.size < limits.tableAnswersCached) known.set(procedure, verdict);
    return verdict;
  };
}
