/** Writer schemas of history: those that the archive has kept, and those of the registry. */
import type { ArchivedSchemas } from '../../archive/archived-schemas';
import type { SchemaSource } from '../../shell/ports';

/** Asks the archive first: it has the schemas of its records for ever. */
export const joinedSchemas = (archived: SchemaSource, registry: SchemaSource): SchemaSource =>
  ({ latest: (subject) => registry.latest(subject), byId: async (id) => (await archived.byId(id)) ?? registry.byId(id) });

/**
 * Ids are the registry's own: records of archive and log can only be read together where under no id both know different
 * schemas. Answers the first id under which they do. Rejects when the registry cannot be reached.
 */
export async function clashingId(archived: ArchivedSchemas, registry: SchemaSource): Promise<number | undefined> {
  for (const id of archived.ids) {
    const [kept, registered] = [await archived.byId(id), await registry.byId(id)];
    if (kept !== undefined && registered !== undefined && !sameSchema(kept, registered)) return id;
  }
  return undefined;
}

const sameSchema = (left: string, right: string): boolean => JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
