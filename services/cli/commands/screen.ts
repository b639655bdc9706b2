/** `screen`: past declarations against the lists of today. */
import { Command } from 'commander';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { alertList } from '../../alerts/alert-list';
import { commaSeparated, dayOrMoment } from '../arguments';
import { usage } from '../failure';
import { loadedCatalogue } from '../loaded-reference';
import { withNeighbours } from '../neighbours';
import { printJson } from '../output';
import { screenPast } from '../screen';

interface Options { readonly since: (timeZone: string) => number; readonly lists?: string[]; readonly json?: true }

export function screenCommand(): Command {
  return new Command('screen')
    .description('screens past declarations with the lists of today; what is new becomes alerts, marked as found in look-back')
    .requiredOption('--since <moment>', 'declarations accepted from then on; a day begins in the zone of the profile', dayOrMoment)
    .option('--lists <ids>', 'only these lists, e.g. UN1,EU1; default: all', commaSeparated)
    .option('--json', 'the new alerts, one JSON object a line')
    .addHelpText('after', `
Each finding becomes an alert once: running it again finds nothing new. Of each declaration the highest version
is screened; cancelled ones are not. Figures do not change: they count hits with the lists of their day.

Examples:
  tidewaiter screen --since 2026-01-01
  tidewaiter screen --since 2025-07-01 --lists UN1 --json`)
    .action(run);
}

async function run({ since, lists, json }: Options): Promise<void> {
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  await withNeighbours(config, async (neighbours) => {
    const catalogue = await loadedCatalogue(neighbours, profile);
    const known = new Set(catalogue.documents().filter(({ document }) => document.kind === 'watchlist').map(({ document }) => document.id));
    const unknown = lists?.find((id) => !known.has(id));
    if (unknown !== undefined) throw usage(`there is no list "${unknown}"; there are ${[...known].join(', ')}`);
    const alerts = await screenPast(neighbours, catalogue.latest, since(profile.timeZone), lists && new Set(lists));
    if (json) alertList(alerts).forEach(printJson);
  });
}
