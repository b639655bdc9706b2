/** `alerts`: items that match a precursor watchlist. */
import { Command } from 'commander';
import type { PrecursorAlert } from '../../domain/declaration';
import { readConfig } from '../../shell/config';
import { alertTopic } from '../../topology';
import { alertList, type ShownAlert } from '../../alerts/alert-list';
import { moment, positiveInteger } from '../arguments';
import { withNeighbours } from '../neighbours';
import { print, printJson, table } from '../output';
import { decodeAll, readValues } from '../topic-records';

export function alertsCommand(): Command {
  return new Command('alerts')
    .description('precursor alerts, newest last')
    .option('--since <moment>', 'only of declarations from then on', moment)
    .option('--limit <n>', 'only the newest so many', positiveInteger)
    .option('--json', 'one JSON object a line')
    .addHelpText('after', `
An alert of a later version is shown only where the listed substance or the level is new.
Alerts are enforcement-sensitive: show them to nobody without need.

Examples:
  tidewaiter alerts --since 2026-03-01
  tidewaiter alerts --limit 20 --json`)
    .action(run);
}

async function run(options: { since?: number; limit?: number; json?: true }): Promise<void> {
  const alerts = await withNeighbours(readConfig(), async (neighbours) => {
    const values = await readValues(neighbours, alertTopic);
    const records = values.length === 0 ? [] : await decodeAll<PrecursorAlert>(neighbours, alertTopic, values, ['traderToken', 'referenceSet']);
    return alertList(records, options.since, options.limit);
  });
  if (options.json) alerts.forEach(printJson);
  else print(alerts.length === 0 ? 'No alerts.' : shownTable(alerts));
}

const shownTable = (alerts: readonly ShownAlert[]): string =>
  table(['at', 'level', 'declaration', 'version', 'item', 'office', 'flow', 'partner', 'substance', 'list', 'evidence', 'found'],
    alerts.map((alert) => [alert.at, alert.level, alert.declarationId, alert.version, alert.itemNumber, alert.office, alert.flow, alert.partner, alert.substance, alert.listId, alert.evidence.join(', '), alert.lookBack ? 'in look-back' : '']), [1, 3, 4]);
