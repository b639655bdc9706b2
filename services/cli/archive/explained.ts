/** What stands in the way of a command on an archive, told as it is: of the archive, of the log, of a file, or of the disk. */
import { DamagedArchive } from '../../archive/archive-chain';
import { ArchiveRefused } from '../../archive/archive-refused';
import { FeedFileError } from '../../feed/kcs-csv';
import { AnotherLog, LogSilent, OutsideLog } from '../../shell/outside-log';
import { NotReady } from '../../shell/waiting';
import { CommandFailure } from '../failure';

export const SEE = 'infra/runbooks/archive.md';

export async function explained<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if ([ArchiveRefused, DamagedArchive, OutsideLog, AnotherLog, LogSilent].some((kind) => error instanceof kind)) throw new CommandFailure(`${message} (${SEE})`);
    if (error instanceof NotReady || error instanceof FeedFileError || code !== undefined) throw new CommandFailure(message);
    throw error;
  }
}
