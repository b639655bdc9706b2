/** What the figures and the page rest on: reference data in force, words, the audit log, this interface itself. */
import type { FastifyInstance } from 'fastify';
import { languages } from '../../domain/language';
import { documentName } from '../../reference/documents';
import { inForceAt } from '../../reference/in-force';
import { limits } from '../../limits';
import type { AuditFilter } from '../live/audit-book';
import { listsOf } from './alert-routes';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, listed, object, oneOf, text } from './schemas';

export function catalogueRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/reference', { schema: described({ summary: 'Packs and lists in force', tag: 'reference' }) }, async () => {
    const { profile, nowMs } = parts;
    const { catalogue, loadedAt } = listsOf(parts).reference;
    const documents = catalogue.documents().map(({ document }) => document);
    const names = inForceAt(documents, profile, nowMs());
    return { reference: documents.filter((document) => names.has(documentName(document))).map((document) => {
      const { kind, id, version, source, validFrom } = document;
      const loaded = loadedAt.get(documentName(document));
      return { kind, id, version, title: source, validFrom, loadedAt: loaded === undefined ? null : new Date(loaded).toISOString() };
    }) };
  });
  server.get('/api/v1/audit', { schema: described({ summary: 'Privileged acts, newest first', tag: 'audit', querystring: object({ ...listed, action: text(limits.codeLength), by: text(limits.personNameLength) }) }) }, async (request) => {
    const { limit, before, ...filter } = request.query as AuditFilter & { limit: number; before?: string };
    const page = listsOf(parts).audit.page(filter, limit, before);
    if (!page) throw new ApiError('malformed', 'before is no place in this list: begin without it');
    return page;
  });
  server.get('/api/v1/texts/:lang', { schema: described({ summary: 'The words of the page in one language', tag: 'reference', params: object({ lang: oneOf(languages) }, ['lang']) }) }, async (request, reply) => {
    const catalogue = parts.texts.catalogue((request.params as { lang: string }).lang);
    if (!catalogue) throw new ApiError('not-found', 'there is no such language');
    void reply.header('etag', catalogue.etag).header('cache-control', 'private, no-cache');
    return request.headers['if-none-match'] === catalogue.etag ? reply.code(304).send() : catalogue.words;
  });
  server.get('/api/v1/openapi.json', { schema: described({ summary: 'This interface as OpenAPI 3.1', tag: 'reference' }) }, async () => server.swagger());
}
