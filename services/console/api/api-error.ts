/** Every refusal of the interface has this form: a code for programs, a message for people, nothing from inside. */
export type ErrorCode = 'malformed' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'contradictory' | 'refused' | 'too-many' | 'unavailable' | 'internal';

const statusOf: Readonly<Record<ErrorCode, number>> = { 'malformed': 400, 'unauthenticated': 401, 'forbidden': 403, 'not-found': 404, 'conflict': 409, 'contradictory': 409, 'refused': 422, 'too-many': 429, 'unavailable': 503, 'internal': 500 };

export class ApiError extends Error {
  readonly statusCode: number;
  /** `reason`: what the audit log says of it, a code that pages have a word for. */
  constructor(readonly code: ErrorCode, message: string, readonly reason: string = code) { super(message); this.statusCode = statusOf[code]; }
  get body(): { readonly error: { readonly code: ErrorCode; readonly message: string } } { return { error: { code: this.code, message: this.message } }; }
}
