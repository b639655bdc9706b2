/** What two reference documents of one kind have and have not in common, row by row. Pure. */
import type { ReferenceDocument } from '../reference/documents';

export interface Difference { readonly row: string; readonly change: 'added' | 'removed' | 'changed'; readonly before: string | null; readonly after: string | null }

const notRows: ReadonlySet<string> = new Set(['kind', 'id', 'version', 'source']);

/** Rows by what names them: a list's row id, a code, a rate's currency and first day. */
function rowsOf(document: ReferenceDocument): Map<string, string> {
  const rows = new Map<string, string>();
  for (const [section, content] of Object.entries(document) as [string, unknown][]) {
    if (notRows.has(section)) continue;
    if (!Array.isArray(content)) rows.set(section, JSON.stringify(content));
    else for (const row of content as unknown[]) rows.set(`${section} ${nameOf(row)}`, typeof row === 'string' ? row : JSON.stringify(row));
  }
  return rows;
}

function nameOf(row: unknown): string {
  if (typeof row !== 'object' || row === null) return String(row);
  const named = row as Readonly<Record<string, unknown>>;
  const parts = [named['rowId'] ?? named['code'] ?? named['pattern'] ?? named['hs'] ?? named['tax'] ?? named['currency'] ?? named['from'], named['currency'] === undefined ? named['to'] : named['validFrom']];
  return parts.filter((part) => part !== undefined && part !== null).map(String).join(' ');
}

export function differencesOf(before: ReferenceDocument, after: ReferenceDocument): Difference[] {
  const [old, young] = [rowsOf(before), rowsOf(after)];
  const found: Difference[] = [];
  for (const [row, content] of old) {
    const now = young.get(row);
    if (now === undefined) found.push({ row, change: 'removed', before: content, after: null });
    else if (now !== content) found.push({ row, change: 'changed', before: content, after: now });
  }
  for (const [row, content] of young) if (!old.has(row)) found.push({ row, change: 'added', before: null, after: content });
  return found;
}
