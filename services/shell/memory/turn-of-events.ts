/** Lets timers and other processes' work in between, as a network would. */
export const turnOfEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
