/** One run at a time writes to an archive. */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveRefused } from './archive-refused';

const ownerSchema = z.object({ host: z.string(), pid: z.number().int() });
type Owner = z.infer<typeof ownerSchema>;

const LOCK = 'lock';

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @throws ArchiveRefused while another run writes. The lock of one that was killed on this machine is taken over. */
export async function withArchiveLock<Answer>(root: string, run: () => Promise<Answer>): Promise<Answer> {
  const path = join(root, LOCK);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const owner = await ownerOf(path);
  if (owner !== undefined) {
    if (owner === 'unknown' || owner.host !== hostname() || lives(owner.pid)) throw held(path, owner);
    await giveWay(path, owner);
  }
  await take(path);
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

const held = (path: string, owner: Owner | 'unknown'): ArchiveRefused =>
  new ArchiveRefused(`another run writes to this archive: ${owner === 'unknown' ? 'nobody knows which' : `process ${owner.pid} on ${owner.host}`}. If it has ended, remove ${path}`);

/** Takes away the lock of the dead, unless somebody else was faster and it is another one by now. */
async function giveWay(path: string, dead: Owner): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside);
  const owner = await ownerOf(aside);
  if (owner === undefined || owner === 'unknown' || owner.pid !== dead.pid) {
    await rename(aside, path);
    throw held(path, owner ?? 'unknown');
  }
  await rm(aside);
}

/** The lock is there with its content, or not at all. */
async function take(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ host: hostname(), pid: process.pid } satisfies Owner), { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw held(path, (await ownerOf(path)) ?? 'unknown');
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined: nobody. */
async function ownerOf(path: string): Promise<Owner | 'unknown' | undefined> {
  try {
    const parsed = ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unknown';
  }
}
