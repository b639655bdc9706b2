#!/usr/bin/env node
/** The command line: one file per command under commands/, faults as one line and an exit code. */
import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../shell/config';
import { alertsCommand } from './commands/alerts';
import { archiveCommand } from './commands/archive';
import { closeCommand } from './commands/close';
import { compendiumCommand } from './commands/compendium';
import { consoleCommand } from './commands/console';
import { doctorCommand } from './commands/doctor';
import { drainCommand } from './commands/drain';
import { explainCommand } from './commands/explain';
import { feedCommand } from './commands/feed';
import { generateCommand } from './commands/generate';
import { healthCommand } from './commands/health';
import { holesCommand } from './commands/holes';
import { queryCommand } from './commands/query';
import { rebuildCommand } from './commands/rebuild';
import { referenceCommand } from './commands/reference';
import { rejectsCommand } from './commands/rejects';
import { replayCommand } from './commands/replay';
import { rightsCommand } from './commands/rights';
import { schemasCommand } from './commands/schemas';
import { screenCommand } from './commands/screen';
import { stackCommand } from './commands/stack';
import { startCommand } from './commands/start';
import { statusCommand } from './commands/status';
import { topicsCommand } from './commands/topics';
import { tryCommand } from './commands/try';
import { verifyCommand } from './commands/verify';
import { CommandFailure, exitCodes } from './failure';

const commands: readonly (() => Command)[] = [
  stackCommand, topicsCommand, schemasCommand, rightsCommand, startCommand, feedCommand, generateCommand, drainCommand,
  queryCommand, explainCommand, closeCommand, verifyCommand, rebuildCommand, replayCommand, archiveCommand, alertsCommand, rejectsCommand, holesCommand, referenceCommand, compendiumCommand, consoleCommand, screenCommand, statusCommand, doctorCommand, healthCommand, tryCommand,
];

function program(): Command {
  const tidewaiter = new Command('tidewaiter').description('customs revenue, trade statistics and precursor alerts, live and exact').addHelpText('after', `
Settings are environment variables (TIDEWAITER_…), all with defaults; the README lists them.
Exit codes: 0 done, 1 failed, 2 wrong arguments, 75 figures are being rebuilt, 78 wrong settings.

Examples:
  tidewaiter stack up && tidewaiter topics apply && tidewaiter schemas register
  tidewaiter start
  tidewaiter query revenue --period month:2026-03 --by office,taxType`);
  for (const command of commands) tidewaiter.addCommand(command());
  strict(tidewaiter);
  return tidewaiter;
}

/** Wrong arguments give one line, from every command alike. */
function strict(command: Command): void {
  command.exitOverride().configureOutput({ outputError: (text, write) => write(text.replace(/\s*\n\s*(?=\S)/g, ' ')) });
  command.commands.forEach(strict);
}

async function run(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); throw error; });
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
  /** Connections that answered too late must not keep the command waiting; what was written goes out first. */
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof CommandFailure) { process.stderr.write(`${error.message}\n`); return error.exitCode; }
  if (error instanceof ConfigurationError) { process.stderr.write(`${error.message}\n`); return exitCodes.configuration; }
  process.stderr.write(`unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

void run();
