/** Writer schemas beside the records, so that an archive can be decoded when there is no registry any more. */
import type { SchemaSource } from '../shell/ports';
import { textDigest, writeWhole, type ArchiveFiles } from './archive-files';
import { ArchiveRefused } from './archive-refused';
import { SCHEMA_FOLDER, schemaFile, schemaIdOf, UNFINISHED } from './archive-names';

/** Registries count in signed 32 bits, from 1 on: none ever gives such an id. */
const FIRST_ASSIGNED = 2 ** 31;
const ASSIGNED_DIGITS = 8;

/** Id of a schema that no registry was asked for: the same for the same text, and no registry's. */
export const assignedSchemaId = (text: string): number => FIRST_ASSIGNED + Math.floor(parseInt(textDigest(text).slice(0, ASSIGNED_DIGITS), 16) / 2);

export class SchemaKeeper {
  private readonly kept = new Map<number, Promise<string | undefined>>();

  constructor(private readonly files: ArchiveFiles, private readonly registry: SchemaSource) {}

  /** Digest of the schema's text, which is in the archive from then on; undefined when the registry does not know the id. */
  keep(id: number): Promise<string | undefined> {
    let kept = this.kept.get(id);
    if (!kept) this.kept.set(id, (kept = this.fetch(id)));
    return kept;
  }

  private async fetch(id: number): Promise<string | undefined> {
    const path = schemaFile(id);
    const archived = (await this.files.names(SCHEMA_FOLDER)).some((name) => schemaIdOf(name) === id) ? await this.files.readText(path) : undefined;
    const text = await this.registry.byId(id);
    if (text === undefined) return archived === undefined ? undefined : textDigest(archived);
    if (archived !== undefined && archived !== text) throw new ArchiveRefused(`the registry gives another schema for id ${id} than when ${path} was archived: it was made anew. What is archived stays decodable; archive into another folder (--to) from here on`);
    if (archived === undefined) await writeWhole(this.files, path, text, UNFINISHED);
    return textDigest(text);
  }
}
