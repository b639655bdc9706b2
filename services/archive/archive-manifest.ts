/** What is written beside each file of the archive, of which every byte is checked against it: pure. */
import { z } from 'zod';
import type { TopicName } from '../topology';
import { dayFolder, MANIFEST, RECORDS, spanName } from './archive-names';

const offset = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  form: z.literal(1),
  topic: z.string(),
  partition: z.number().int().min(0),
  /** Of the records' time, UTC. */
  day: z.string(),
  /** Offsets from the first (included) to the next (excluded) are covered: what is not in the file was not in the log. */
  firstOffset: offset,
  nextOffset: offset,
  records: z.number().int().min(1),
  bytes: z.number().int().min(1),
  sha256,
  /** By which the log is recognised before it is gone on with. */
  lastRecord: z.strictObject({ offset, digest: sha256 }),
  /** Writer schemas of the values by id: digest of the text in `schemas/<id>.avsc`. */
  schemas: z.record(z.string().regex(/^\d+$/), sha256),
  /** Ids that values bear and that the registry did not know: such records cannot be decoded, and never could. */
  unknownSchemas: z.array(z.number().int().min(0)),
  /** Offsets in front of the file that the log had lost before they were archived, and that a person has let go. */
  leftOut: z.strictObject({ from: offset, next: offset }).optional(),
});

export type FileManifest = Readonly<Omit<z.infer<typeof manifestSchema>, 'topic'>> & { readonly topic: TopicName };

/** The text of the manifest's file: the same manifest, the same bytes. */
export const manifestText = (manifest: FileManifest): string => `${JSON.stringify(manifest, Object.keys(manifestSchema.shape).concat('offset', 'digest', 'from', 'next', ...Object.keys(manifest.schemas)), 1)}\n`;

/** What the file says, or what is wrong with it. */
export function parseManifest(text: string): FileManifest | string {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return `the manifest is not one: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`;
    return parsed.data as FileManifest;
  } catch {
    return 'the manifest is no JSON';
  }
}

const stemOf = ({ topic, partition, day, firstOffset, nextOffset }: FileManifest): string => `${dayFolder(topic, partition, day)}/${spanName({ from: firstOffset, next: nextOffset })}`;
export const recordsPath = (manifest: FileManifest): string => `${stemOf(manifest)}${RECORDS}`;
export const manifestPath = (manifest: FileManifest): string => `${stemOf(manifest)}${MANIFEST}`;
