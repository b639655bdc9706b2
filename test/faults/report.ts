/** What a campaign found: a row for each round, and the sums. */
import Table from 'cli-table3';

export interface Round {
  readonly round: number;
  readonly fault: string;
  /** Records that the raw log gained, among them repeats and poison. */
  readonly events: number;
  /** Declarations that the round sent. */
  readonly declarations: number;
  /** Cells that the recount compared. */
  readonly cells: number;
  readonly drift: number;
  readonly wrong: readonly string[];
  /** Could not be brought to its end. */
  readonly failed?: true;
  /** From the fault to the first record applied of those that arrived after it; null: none did. */
  readonly secondsFromFault: number | null;
  /** From the moment at which a new owner was given its partitions to the first record that it applied; null: nobody was. */
  readonly secondsFromAssignment: number | null;
  readonly seconds: number;
}
export interface Percentiles { readonly p50: number | null; readonly p99: number | null; readonly most: number | null; readonly of: number }
export interface Totals {
  readonly rounds: number;
  readonly faults: number;
  readonly events: number;
  readonly declarations: number;
  readonly drift: number;
  readonly fromFault: Percentiles;
  readonly fromAssignment: Percentiles;
}

/** The nearest rank: a value that was measured. */
export function percentiles(measured: readonly (number | null)[]): Percentiles {
  const sorted = measured.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? null, of: sorted.length };
}

const sum = (rounds: readonly Round[], of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);

export function totalsOf(rounds: readonly Round[]): Totals {
  return {
    rounds: rounds.length, faults: new Set(rounds.map(({ fault }) => fault)).size,
    events: sum(rounds, ({ events }) => events), declarations: sum(rounds, ({ declarations }) => declarations), drift: sum(rounds, ({ drift }) => drift),
    fromFault: percentiles(rounds.map(({ secondsFromFault }) => secondsFromFault)),
    fromAssignment: percentiles(rounds.map(({ secondsFromAssignment }) => secondsFromAssignment)),
  };
}

const shown = (seconds: number | null): string => (seconds === null ? '–' : seconds.toFixed(2));
const spread = ({ p50, p99, most, of }: Percentiles): string => `p50 ${shown(p50)} s, p99 ${shown(p99)} s, most ${shown(most)} s, of ${of}`;

export function inWords(rounds: readonly Round[]): string {
  const table = new Table({
    head: ['round', 'fault', 'events', 'declarations', 'drift', 's from fault', 's from assignment', 's in all'], style: { head: [], border: [] },
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const { round, fault, events, declarations, drift, secondsFromFault, secondsFromAssignment, seconds } of rounds) table.push([round, fault, events, declarations, drift, shown(secondsFromFault), shown(secondsFromAssignment), seconds.toFixed(0)]);
  const totals = totalsOf(rounds);
  return [
    table.toString(),
    `${totals.rounds} rounds of ${totals.faults} faults, ${totals.events} events, ${totals.declarations} declarations, drift ${totals.drift}`,
    `first of the records after the fault applied: ${spread(totals.fromFault)}`,
    `first record applied after a new owner’s assignment: ${spread(totals.fromAssignment)}`,
  ].join('\n');
}
