/** A condition that the person at the keyboard can mend: shown without a stack trace. */
export class StackError extends Error {}
