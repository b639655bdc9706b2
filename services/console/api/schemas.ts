/** Parts of the routes' schemas, from which requests are checked and OpenAPI is written. */
import { limits } from '../../limits';

type Schema = Readonly<Record<string, unknown>>;

export const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({ type: 'object', additionalProperties: false, properties, required: [...required] });
export const text = (maxLength: number, more: Schema = {}): Schema => ({ type: 'string', minLength: 1, maxLength, ...more });
export const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });
export const listed = {
  limit: { type: 'integer', minimum: 1, maximum: limits.listEntriesMost, default: limits.listEntriesDefault },
  before: text(limits.eventIdLength),
} as const;

/** Answers are made by the functions that the command line shares: their shape is described here, and not made from here. */
const anything: Schema = { type: 'object', additionalProperties: true };
const errorBody: Schema = object({ error: object({ code: { type: 'string' }, message: { type: 'string' } }, ['code', 'message']) }, ['error']);

export interface Described { readonly summary: string; readonly tag: string; readonly status?: number; readonly answer?: string; readonly params?: Schema; readonly querystring?: Schema; readonly body?: Schema; readonly type?: string; /** Another status with an answer of its own, which is no fault. */ readonly also?: number }

/** `answer`: in words, what a success carries. */
export function described({ summary, tag, status = 200, answer = 'As described.', type, params, querystring, body, also }: Described): Schema {
  const content = type === undefined ? anything : { content: { [type]: { schema: { type: 'string' } } } };
  return {
    summary, tags: [tag], ...(params ? { params } : {}), ...(querystring ? { querystring } : {}), ...(body ? { body } : {}),
    response: { [status]: status === 204 ? { type: 'null', description: answer } : { description: answer, ...content }, ...(also === undefined ? {} : { [also]: { description: answer, ...anything } }), default: { description: 'A code for programs, a message for people.', ...errorBody } },
  };
}
