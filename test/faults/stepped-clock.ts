/**
 * Loaded into a service before its own code (`node --require`): its clock is off by what a file in the home folder
 * says, looked at every second. Time that passes is as it was: only the clock on the wall is stepped.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_MS = 1_000;
const file = join(process.env['TIDEWAITER_HOME'] ?? '.', 'clock-offset');
const now = Date.now.bind(Date);
let offsetMs = 0;

function look(): void {
  try { offsetMs = Number(readFileSync(file, 'utf8')) || 0; } catch { offsetMs = 0; }
}

class SteppedDate extends Date {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(now() + offsetMs);
    else super(...(args as [number]));
  }

  static override now(): number { return now() + offsetMs; }
}

look();
setInterval(look, LOOK_MS).unref();
globalThis.Date = SteppedDate as DateConstructor;
