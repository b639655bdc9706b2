/** Party ids become keyed tokens: HMAC-SHA-256 with the purpose in it, so tokens of two purposes cannot be joined. */
import { createHash, createHmac } from 'node:crypto';
import { limits } from '../limits';

export type Purpose = 'declarant' | 'trader' | 'counterparty';
const TOKEN_BYTES = 16;

/** Token: <key id>:<22 characters base64url>. The key id is a digest of the key, so a change of keys shows. */
export function pseudonymiser(key: string): (purpose: Purpose, id: string) => string {
  const keyId = createHash('sha256').update(`key-id\0${key}`).digest('hex').slice(0, 4);
  const caches: Readonly<Record<Purpose, Map<string, string>>> = { declarant: new Map(), trader: new Map(), counterparty: new Map() };
  return (purpose, id) => {
    const cache = caches[purpose];
    let token = cache.get(id);
    if (token === undefined) {
      if (cache.size >= limits.tokensCached) cache.clear();
      token = `${keyId}:${createHmac('sha256', key).update(`${purpose}\0${id}`).digest().subarray(0, TOKEN_BYTES).toString('base64url')}`;
      cache.set(id, token);
    }
    return token;
  };
}
