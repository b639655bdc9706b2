/** Checks on a page that is alive: each waits for its condition, and shows what there was instead when it does not come. */
import type { Locator } from 'playwright-core';
import { pause } from './until';

const PATIENCE_MS = 20_000;
const LOOK_MS = 100;

/** Until `read` gives what `holds` takes; the last reading otherwise. */
async function settled<Read>(read: () => Promise<Read>, holds: (read: Read) => boolean, patienceMs: number): Promise<Read> {
  for (const endMs = Date.now() + patienceMs; ; await pause(LOOK_MS)) {
    const last = await read();
    if (holds(last) || Date.now() > endMs) return last;
  }
}

/** The texts of all that the locator finds are these. */
export async function says(locator: Locator, texts: readonly string[], patienceMs = PATIENCE_MS): Promise<void> {
  const wanted = JSON.stringify(texts);
  expect(await settled(() => locator.allTextContents(), (shown) => JSON.stringify(shown) === wanted, patienceMs)).toEqual(texts);
}

/** The text becomes another one by itself; that one. */
export async function moves(locator: Locator, patienceMs = PATIENCE_MS): Promise<string> {
  const before = await locator.innerText();
  const after = await settled(() => locator.innerText(), (text) => text !== before, patienceMs);
  expect(after).not.toBe(before);
  return after;
}

/** Anything else that comes to hold. */
export async function becomes<Read>(read: () => Promise<Read>, holds: (read: Read) => boolean, patienceMs = PATIENCE_MS): Promise<Read> {
  const last = await settled(read, holds, patienceMs);
  if (!holds(last)) throw new Error(`does not hold within ${patienceMs} ms of ${JSON.stringify(last)}`);
  return last;
}
