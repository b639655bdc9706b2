/** `status`: services, lag, books; answers within two seconds however ill they are. */
import { Command, Option } from 'commander';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { connectDirectory, connectFigures, connectLog, connectStates } from '../../shell/connect';
import { stageNames } from '../../topology';
import { meantBy, promotedFigures } from '../../shell/live-namespace';
import { commandLogger } from '../neighbours';
import { age, print, printJson, table } from '../output';
import { serviceNames } from '../../status/service-names';
import { statusFindings } from '../../status/status-findings';
import { statusReport, type Books, type ServiceStatus, type StatusReport } from '../../status/status-report';
import { languages, type Language } from '../../domain/language';
import { word } from '../words';

export function statusCommand(): Command {
  return new Command('status')
    .description('services, lag and books; always exit code 0')
    .option('--json', 'one JSON object')
    .addOption(new Option('--lang <language>', 'language of the table').choices(languages).default('en'))
    .addHelpText('after', `
Each record of the raw topic ends in exactly one book: counted, left out, refused or ignored (a repeat or
an older version). The books balance once everything sent has arrived.

Examples:
  tidewaiter status
  tidewaiter status --json`)
    .action(run);
}

async function run({ json, lang }: { json?: true; lang: Language }): Promise<void> {
  const config = readConfig();
  const leftMs = limits.statusTimeoutMs + limits.statusReserveMs - process.uptime() * 1_000;
  const logger = commandLogger(config);
  const reader = connectFigures(config, logger);
  /** Connecting, to each server of a cluster and over TLS, takes longer than the question: it begins at once. */
  void reader.manifest().catch(() => undefined);
  const ports = { inspector: () => connectLog(config, 'status', logger).inspector(), reader: () => reader, promoted: async () => promotedFigures(config, await meantBy(config, connectDirectory(config, logger)), (place) => connectFigures(config, logger, undefined, undefined, place)) };
  const withinMs = Math.min(limits.statusTimeoutMs, Math.max(limits.statusLeastMs, leftMs));
  const [findings, said] = await Promise.all([statusFindings(ports, withinMs), connectStates(config, Math.min(limits.stateAskMs, withinMs)).read()]);
  const report = statusReport(serviceNames(), said, findings, stageNames);
  if (json) printJson(report);
  else show(report, lang);
  /** Calls that nobody waits for any more would keep the process alive. */
  process.stdout.write('', () => process.exit(0));
}

function show({ services, books, drained, outside }: StatusReport, lang: Language): void {
  print(table([word('service', lang), 'pid', word('state', lang), word('lag', lang), word('newest event', lang), ''], services.map((service) => serviceRow(service, lang)), [1, 3]));
  for (const line of outside) print(line);
  print('');
  print(bookLine(books, drained, lang));
  for (const [name, codes] of [['left out', books.leftOutByCode], ['refused', books.refusedByCode]] as const) {
    const shown = Object.entries(codes).map(([code, records]) => `${code} ${records}`).join(', ');
    if (shown !== '') print(`  ${word(name, lang)}: ${shown}`);
  }
  print(word(drained ? 'drained' : 'not drained', lang));
}

/** One service: '?' where its lag is not known, '–' where it has none. */
export function serviceRow({ name, pid, state, lag, newestEventAt, reason, stoppedPartitions, alarms, replicas, withoutLag }: ServiceStatus, lang: Language): (string | number)[] {
  const newest = newestEventAt === null ? '' : `${newestEventAt} (${age(Date.now() - Date.parse(newestEventAt))} ${word('ago', lang)})`;
  const trouble = [...Object.values(alarms ?? {}), reason, ...Object.entries(stoppedPartitions ?? {}).map(([partition, why]) => `${partition}: ${why}`)].filter((part) => part !== undefined).join('; ');
  const behind = lag === null ? (withoutLag ? '–' : '?') : Object.values(lag).reduce((sum, records) => sum + records, 0);
  return [replicas === undefined ? name : `${name} ×${replicas}`, pid ?? '', word(state, lang), behind, newest, trouble];
}

function bookLine({ raw, counted, leftOut, refused, ignored, balanced }: Books, drained: boolean, lang: Language): string {
  const number = (value: number | null): string => (value === null ? '?' : String(value));
  const parts = `${number(counted)} ${word('counted', lang)} + ${number(leftOut)} ${word('left out', lang)} + ${number(refused)} ${word('refused', lang)} + ${number(ignored)} ${word('ignored', lang)}`;
  const onTheWay = raw === null || counted === null ? null : raw - counted - (leftOut ?? 0) - (refused ?? 0) - (ignored ?? 0);
  const verdict = balanced === null ? word('unknown', lang) : balanced ? word('balanced', lang) : drained ? word('not balanced', lang) : `${number(onTheWay)} ${word('on the way', lang)}`;
  return `${word('books', lang)}: ${number(raw)} ${word('received', lang)} = ${parts}  (${verdict})`;
}
