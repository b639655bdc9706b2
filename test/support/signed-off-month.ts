/** The month of a publishing world, signed off at a moment when it is final. */
import { closeMonth, type ClosingOutcome } from '../../services/closing/close-month';
import { ClosedRecords } from '../../services/closing/closed-records';
import { Calendar } from '../../services/domain/period';
import { readCubes, readProfile } from '../../services/shell/definition-files';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import type { PublishingWorld } from './publishing-world';

export const APRIL = Date.parse('2026-04-02T10:00:00Z');

export async function signOff({ broker, store, registry }: PublishingWorld, month = '2026-03', cubes = readCubes()): Promise<ClosingOutcome> {
  const log = new MemoryLog(broker);
  const [sink, inspector] = [await log.sink(), await log.inspector()];
  const asked = { month, closedBy: 'N. Mbala', nowMs: APRIL, cubes, calendar: new Calendar(readProfile('CD').timeZone), graceMs: 0 };
  const outcome = await closeMonth(asked, { reader: store.reader(), closed: store.closed(), records: await ClosedRecords.create(registry), inspector, sink, onProgress: () => undefined });
  await sink.close();
  return outcome;
}
