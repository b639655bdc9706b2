/** How a command ends badly: one clear line, an honest exit code, no stack trace. */
export const exitCodes = { failed: 1, usage: 2, catchingUp: 75, configuration: 78 } as const;

/** Shown as it stands. */
export class CommandFailure extends Error {
  constructor(message: string, readonly exitCode: number = exitCodes.failed) { super(message); }
}

export const usage = (message: string): CommandFailure => new CommandFailure(message, exitCodes.usage);
