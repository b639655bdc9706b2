/** Closed periods as records of customs.periods.closed.v1: pieces of cells, then the seal that makes them count. */
import { limits } from '../limits';
import { avroType, Decoder, Encoder } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { LogInspector, OutgoingRecord, SchemaSource } from '../shell/ports';
import { ownSchemaId } from '../shell/stage-codec';
import { monotonicMs } from '../shell/waiting';
import { closedTopic } from '../topology';
import type { Seal } from './closed-period';

interface SealRecord { readonly closedBy: string; readonly closedAt: number; readonly digest: string; readonly definitions: string; readonly hashes: number; readonly fields: number; readonly streamTime: number; readonly sourceOffsets: Record<string, number> }
interface ClosedRecord { readonly kind: 'CELLS' | 'SEAL'; readonly period: string; readonly closeId: string; readonly hash: string | null; readonly cells: Readonly<Record<string, bigint>>; readonly seal: SealRecord | null }

/** Signed-off cells by hash and field. */
export type FrozenCells = ReadonlyMap<string, ReadonlyMap<string, string>>;
/** Some cells of one hash of a closing. */
export interface CellsPiece { readonly period: string; readonly closeId: string; readonly hash: string; readonly fields: ReadonlyMap<string, string> }

export class ClosedRecords {
  private constructor(private readonly encoder: Encoder, private readonly decoder: Decoder<ClosedRecord>) {}

  static async create(schemas: SchemaSource): Promise<ClosedRecords> {
    const type = avroType(topicSchema(closedTopic));
    const id = await ownSchemaId(schemas, closedTopic);
    const decoder = new Decoder<ClosedRecord>(type, schemas);
    await decoder.prepareId(id, monotonicMs());
    return new ClosedRecords(new Encoder(id, type), decoder);
  }

  /** One hash as records; none when it has no field but zeros. */
  pieces(period: string, closeId: string, hash: string, fields: ReadonlyMap<string, string>): OutgoingRecord[] {
    const entries = [...fields].filter(([, value]) => value !== '0').map(([name, value]): [string, bigint] => [name, BigInt(value)]);
    const records: OutgoingRecord[] = [];
    for (let start = 0; start < entries.length; start += limits.fieldsPerClosedRecord) {
      const cells = Object.fromEntries(entries.slice(start, start + limits.fieldsPerClosedRecord));
      records.push(this.record(`${period}/${closeId}/${hash}/${records.length}`, { kind: 'CELLS', period, closeId, hash, cells, seal: null }));
    }
    return records;
  }

  seal({ period, closeId, closedBy, closedAtMs, digest, definitions, hashes, fields, streamTimeMs, sourceOffsets }: Seal): OutgoingRecord {
    const seal = { closedBy, closedAt: closedAtMs, digest, definitions, hashes, fields, streamTime: streamTimeMs, sourceOffsets };
    return this.record(period, { kind: 'SEAL', period, closeId, hash: null, cells: {}, seal });
  }

  private record(key: string, value: ClosedRecord): OutgoingRecord { return { topic: closedTopic, partition: 0, key, value: this.encoder.encode(value) }; }

  /** Reads the topic to the end it has now. @throws when a record of it cannot be read: a period would be missing without a word. */
  async readTopic(inspector: LogInspector, { seal = () => undefined, cells = () => undefined }: { readonly seal?: (seal: Seal) => void; readonly cells?: (piece: CellsPiece) => void }): Promise<void> {
    const [range] = await inspector.offsets(closedTopic);
    if (!range || range.start === range.end) return;
    const values: Buffer[] = [];
    await inspector.readAll(closedTopic, (_partition, { value }) => { if (value !== null) values.push(value); });
    await this.decoder.prepare(values, monotonicMs());
    for (const value of values) {
      const decoded = this.decoder.decode(value);
      if ('failure' in decoded) throw new Error(`a record of ${closedTopic} cannot be read: ${decoded.detail}`);
      const { kind, period, closeId, hash, cells: amounts, seal: sealed } = decoded.value;
      if (kind === 'CELLS' && hash !== null) cells({ period, closeId, hash, fields: new Map(Object.entries(amounts).map(([name, amount]) => [name, String(amount)])) });
      if (kind === 'SEAL' && sealed !== null) seal(sealOf(period, closeId, sealed));
    }
  }

  /** The cells of some closings, by close id and hash. */
  async readCells(inspector: LogInspector, closeIds: readonly string[]): Promise<Map<string, FrozenCells>> {
    const cells = new Map(closeIds.map((closeId) => [closeId, new Map<string, Map<string, string>>()]));
    await this.readTopic(inspector, {
      cells: ({ closeId, hash, fields }) => {
        const hashes = cells.get(closeId);
        if (!hashes) return;
        const all = hashes.get(hash) ?? new Map<string, string>();
        for (const [name, value] of fields) all.set(name, value);
        hashes.set(hash, all);
      },
    });
    return cells;
  }

  /** The seals on the topic by period: of two, the first one stands. */
  async readSeals(inspector: LogInspector): Promise<Map<string, Seal>> {
    const seals = new Map<string, Seal>();
    await this.readTopic(inspector, { seal: (seal) => { if (!seals.has(seal.period)) seals.set(seal.period, seal); } });
    return seals;
  }
}

const sealOf = (period: string, closeId: string, { closedBy, closedAt, digest, definitions, hashes, fields, streamTime, sourceOffsets }: SealRecord): Seal =>
  ({ period, closeId, closedBy, closedAtMs: closedAt, digest, definitions, hashes, fields, streamTimeMs: streamTime, sourceOffsets: { ...sourceOffsets } });

/** As the store keeps it. */
export const sealText = (seal: Seal): string => JSON.stringify(seal);
export const parseSeal = (text: string): Seal => JSON.parse(text) as Seal;
