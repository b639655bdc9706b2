/** Where requests and replies begin and end on the wire: Kafka's length-prefixed frames, Redis' protocol version 2. */

export interface Request { readonly bytes: Buffer; /** What is asked: the name of a Kafka call, a Redis command or a script's digest. */ readonly call: string; /** Who asks, where the protocol says so. */ readonly client: string; readonly correlation: number; readonly version: number }
export interface Reply { readonly bytes: Buffer; readonly correlation: number }
export interface Wire { requests(chunk: Buffer): Request[]; replies(chunk: Buffer): Reply[] }

const LENGTH_BYTES = 4;
const CRLF = Buffer.from('\r\n');
const kafkaCalls: Readonly<Record<number, string>> = { 0: 'Produce', 1: 'Fetch', 2: 'ListOffsets', 3: 'Metadata', 8: 'OffsetCommit', 9: 'OffsetFetch', 10: 'FindCoordinator', 11: 'JoinGroup', 12: 'Heartbeat', 13: 'LeaveGroup', 14: 'SyncGroup', 18: 'ApiVersions', 22: 'InitProducerId' };

/** Bytes that wait for the rest of their frame. */
class Pieces {
  private rest: Buffer = Buffer.alloc(0);

  /** `end`: of the frame that begins at an offset; undefined while it is not whole. */
  whole(chunk: Buffer, end: (bytes: Buffer, start: number) => number | undefined): Buffer[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    let start = 0;
    for (let next = end(bytes, start); next !== undefined; next = end(bytes, start)) {
      frames.push(bytes.subarray(start, next));
      start = next;
    }
    this.rest = bytes.subarray(start);
    return frames;
  }
}

function kafkaEnd(bytes: Buffer, start: number): number | undefined {
  if (bytes.length - start < LENGTH_BYTES) return undefined;
  const end = start + LENGTH_BYTES + bytes.readInt32BE(start);
  return end > bytes.length ? undefined : end;
}

export class KafkaWire implements Wire {
  private readonly asked = new Pieces();
  private readonly answered = new Pieces();

  requests(chunk: Buffer): Request[] {
    return this.asked.whole(chunk, kafkaEnd).map((bytes) => {
      const clientLength = bytes.readInt16BE(12);
      return { bytes, call: kafkaCalls[bytes.readInt16BE(4)] ?? `call ${bytes.readInt16BE(4)}`, version: bytes.readInt16BE(6), correlation: bytes.readInt32BE(8), client: clientLength < 0 ? '' : bytes.toString('utf8', 14, 14 + clientLength) };
    });
  }

  replies(chunk: Buffer): Reply[] {
    return this.answered.whole(chunk, kafkaEnd).map((bytes) => ({ bytes, correlation: bytes.readInt32BE(LENGTH_BYTES) }));
  }
}

/** End of the value that begins at an offset: a line, a text of known length, or a list of values. */
function redisEnd(bytes: Buffer, start: number): number | undefined {
  const lineEnd = bytes.indexOf(CRLF, start);
  if (lineEnd < 0) return undefined;
  const kind = String.fromCharCode(bytes[start] as number);
  let end: number | undefined = lineEnd + CRLF.length;
  if (kind !== '$' && kind !== '*') return end;
  const size = Number(bytes.toString('latin1', start + 1, lineEnd));
  if (kind === '$') end += size < 0 ? 0 : size + CRLF.length;
  else for (let left = size; left > 0 && end !== undefined; left--) end = redisEnd(bytes, end);
  return end === undefined || end > bytes.length ? undefined : end;
}

/** Answers come in the order of the questions, which are numbered here. */
export class RedisWire implements Wire {
  private readonly asked = new Pieces();
  private readonly answered = new Pieces();
  private questions = 0;
  private answers = 0;

  requests(chunk: Buffer): Request[] {
    return this.asked.whole(chunk, redisEnd).map((bytes) => {
      const [command = '', argument = ''] = firstTexts(bytes);
      const name = command.toUpperCase();
      return { bytes, call: name.startsWith('EVALSHA') ? argument : name, client: '', version: 0, correlation: this.questions++ };
    });
  }

  replies(chunk: Buffer): Reply[] {
    return this.answered.whole(chunk, redisEnd).map((bytes) => ({ bytes, correlation: this.answers++ }));
  }
}

/** Command and first argument of a request. */
function firstTexts(bytes: Buffer): string[] {
  const texts: string[] = [];
  let at = bytes.indexOf(CRLF) + CRLF.length;
  while (texts.length < 2 && at < bytes.length) {
    const lineEnd = bytes.indexOf(CRLF, at);
    const start = lineEnd + CRLF.length;
    const end = start + Number(bytes.toString('latin1', at + 1, lineEnd));
    texts.push(bytes.toString('latin1', start, end));
    at = end + CRLF.length;
  }
  return texts;
}

/**
 * Brokers tell clients where they are: their port becomes the proxy's, in place. For the versions that the client
 * speaks: Metadata 1 to 6, FindCoordinator 0 to 2.
 */
export function withPort({ bytes }: Reply, { call, version }: Request, brokerPort: number, proxyPort: number): Buffer {
  const changed = Buffer.from(bytes);
  const afterText = (at: number): number => at + 2 + Math.max(0, changed.readInt16BE(at));
  const exchange = (at: number): number => {
    if (changed.readInt32BE(at) === brokerPort) changed.writeInt32BE(proxyPort, at);
    return at + 4;
  };
  let at = LENGTH_BYTES + 4;
  if (call === 'Metadata') {
    if (version >= 3) at += 4;
    let brokers = changed.readInt32BE(at);
    at += 4;
    for (; brokers > 0; brokers--) {
      at = exchange(afterText(at + 4));
      if (version >= 1) at = afterText(at);
    }
    return changed;
  }
  if (version >= 1) at = afterText(at + 4 + 2);
  else at += 2;
  exchange(afterText(at + 4));
  return changed;
}
