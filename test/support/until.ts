/** Waits for a condition, and says what it was when it does not come. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const endMs = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await pause(5);
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
