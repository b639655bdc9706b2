/** By whom requests are counted: whoever has a session by it, as whole offices come from one address. */
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/** All whose connection was gone before they were looked at; no address is written so. */
const GONE = 'gone';

/** Without a session: the address, of IPv6 its network of 64 bits, all of which one host may have. */
export function countedBy({ session, ip }: Pick<FastifyRequest, 'session'> & { readonly ip: string | undefined }): string {
  /** A socket that the browser has closed knows no address any more, and normalizeIP takes a text alone. */
  return session?.id ?? (ip === undefined ? GONE : normalizeIP(ip));
}
