/**
 * What is exchanged inside kafkajs 2.2.4, through objects that it looks up at run time; each with its reason.
 * All calls of `require` into the package are here.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- not exported by the package */
import { limits } from '../../limits';
import { delay, monotonicMs } from '../waiting';
import { CompressedBatch, decodeRecordBatches, encodeRecordBatch, type BatchRecord } from './record-batch';

/**
 * The one method of kafkajs 2.2.4 that costs an idle process 5 % of a core: its request queue arms a
 * timer although nothing is pending or throttled, with a negative delay that becomes 1 ms, for ever
 * (issue 1751). Armed only when there is something to check. test/contract/kafka-idle.test.ts measures it.
 */
interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
}

export function patchIdleTimer(): void {
  const queue = require('kafkajs/src/network/requestQueue') as { prototype: { scheduleCheckPendingRequests(this: RequestQueue): void } };
  queue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue): void {
    const throttledMs = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId || (this.pending.length === 0 && throttledMs <= 0)) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, throttledMs > 0 ? throttledMs : limits.kafkaPendingCheckMs);
  };
}

interface ConsumerGroup { lastRequest: number; heartbeat(options: { interval: number }): Promise<void> }
type Heartbeat = ConsumerGroup['heartbeat'] & { readonly patched?: true };

/**
 * The client beats when the wall clock says that the last beat is long ago. Set back an hour it is silent for an hour,
 * and the group's coordinator gives its partitions to others after one session. A last beat in the future is none.
 */
export function patchHeartbeat(): void {
  const group = require('kafkajs/src/consumer/consumerGroup') as { prototype: { heartbeat: Heartbeat } };
  const { heartbeat } = group.prototype;
  if (heartbeat.patched) return;
  const patched = function beat(this: ConsumerGroup, options: { interval: number }): Promise<void> {
    if (this.lastRequest > Date.now()) this.lastRequest = 0;
    return heartbeat.call(this, options);
  };
  group.prototype.heartbeat = Object.assign(patched, { patched: true as const });
}

type FetchedBatches = readonly unknown[];
interface Runner { running: boolean; fetchManager: { stop(): Promise<void> }; fetch(nodeId: number): Promise<FetchedBatches> }
type Fetch = Runner['fetch'] & { readonly patched?: true };

/**
 * The client fetches in a loop without a pause of its own. Where a fetch answers without having asked anybody, that loop
 * never lets another event in: no timer, no signal, one core at its limit until somebody kills the process. It happened
 * where all brokers were away: fetchers that were renewed just when the client gave up (runner and fetchManager of 2.2.4)
 * go round for ever. They are stopped, and an answer that took no time is waited for.
 */
export function patchEndlessFetch(): void {
  const runner = require('kafkajs/src/consumer/runner') as { prototype: { fetch: Fetch } };
  const { fetch } = runner.prototype;
  if (fetch.patched) return;
  const patched = async function fetchOrEnd(this: Runner, nodeId: number): Promise<FetchedBatches> {
    if (!this.running) {
      void this.fetchManager.stop();
      return [];
    }
    const startMs = monotonicMs();
    const batches = await fetch.call(this, nodeId);
    if (batches.length === 0 && monotonicMs() - startMs < limits.fetchAskedNobodyMs) await delay(limits.fetchWaitMs);
    return batches;
  };
  runner.prototype.fetch = Object.assign(patched, { patched: true as const });
}

interface Encoder { writeString(text: string | null): Encoder; writeInt16(value: number): Encoder; writeInt32(value: number): Encoder; writeBufferInternal(bytes: Buffer): void }
interface Decoder { readInt16(): number; readInt32(): number; readInt64(): { toString(): string }; readString(): string; readBytes(length: number): Buffer; readArray<Item>(each: (decoder: Decoder) => Item): Item[]; readArrayAsync<Item>(each: (decoder: Decoder) => Promise<Item>): Promise<Item[]> }
interface ProduceArguments {
  readonly acks: number; readonly timeout: number; readonly transactionalId?: string | null;
  readonly producerId: { toString(): string }; readonly producerEpoch: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly firstSequence: number; readonly messages: readonly BatchRecord[] }[] }[];
}
type Made = { request: Record<string, unknown>; response: Record<string, unknown> };
interface RequestDefinition { protocol: (options: { version: number }) => (args: ProduceArguments) => Made }

const PRODUCE_WITH_BATCHES = 3;
const FETCH_VERSION = 11;
const REQUEST_OVERHEAD_BYTES = 256;

/** Exchanges how record batches are written and read; see record-batch.ts for what it saves. */
export function patchRecordBatches(): void {
  const { requests } = require('kafkajs/src/protocol/requests') as { requests: { Produce: RequestDefinition & { patched?: true }; Fetch: RequestDefinition } };
  if (requests.Produce.patched) return;
  requests.Produce.patched = true;
  const [produce, fetch] = [requests.Produce.protocol, requests.Fetch.protocol];
  requests.Produce.protocol = (options) => {
    const make = produce(options);
    if (options.version < PRODUCE_WITH_BATCHES) throw new Error('the broker is too old: record batches came with Kafka 0.11');
    return (args) => {
      const made = make(args);
      return { ...made, request: { ...made.request, encode: async () => encodeProduce(args) } };
    };
  };
  requests.Fetch.protocol = (options) => {
    const make = fetch(options);
    if (options.version !== FETCH_VERSION) return make;
    return (args) => {
      const made = make(args);
      return { ...made, response: { ...made.response, decode: decodeFetch } };
    };
  };
}

function encodeProduce({ acks, timeout, transactionalId = null, producerId, producerEpoch, topicData }: ProduceArguments): Encoder {
  const EncoderClass = require('kafkajs/src/protocol/encoder') as new (bytes: number) => Encoder;
  const timestampMs = Date.now();
  const producer = BigInt(producerId.toString());
  const topics = topicData.map(({ topic, partitions }) => ({
    topic,
    batches: partitions.map(({ partition, firstSequence, messages }) => ({ partition, bytes: encodeRecordBatch(messages.map(asRecord), { producerId: producer, producerEpoch, firstSequence, transactional: transactionalId !== null }, timestampMs) })),
  }));
  const bytes = topics.flatMap(({ batches }) => batches).reduce((sum, batch) => sum + batch.bytes.length + REQUEST_OVERHEAD_BYTES, REQUEST_OVERHEAD_BYTES);
  const encoder = new EncoderClass(bytes).writeString(transactionalId).writeInt16(acks).writeInt32(timeout).writeInt32(topics.length);
  for (const { topic, batches } of topics) {
    encoder.writeString(topic).writeInt32(batches.length);
    for (const batch of batches) encoder.writeInt32(batch.partition).writeInt32(batch.bytes.length).writeBufferInternal(batch.bytes);
  }
  return encoder;
}

/** Our own sink gives headers as a list, other users of the client as an object. */
function asRecord(message: BatchRecord): BatchRecord {
  const { key = null, value, headers } = message;
  if (headers === undefined || Array.isArray(headers)) return message.key === undefined ? { key, value } : message;
  return { key, value, headers: Object.entries(headers as unknown as Record<string, Buffer | string>).map(([name, content]) => ({ key: name, value: Buffer.from(content as string) })) };
}

async function decodeFetch(raw: Buffer): Promise<unknown> {
  const DecoderClass = require('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;
  const decoder = new DecoderClass(raw);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = await decoder.readArrayAsync(async (topic) => ({ topicName: topic.readString(), partitions: await topic.readArrayAsync(decodePartition) }));
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function decodePartition(decoder: Decoder): Promise<unknown> {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: decoder.readInt64().toString(),
    lastStableOffset: decoder.readInt64().toString(),
    lastStartOffset: decoder.readInt64().toString(),
    abortedTransactions: decoder.readArray((aborted) => ({ producerId: aborted.readInt64().toString(), firstOffset: aborted.readInt64().toString() })),
    preferredReadReplica: decoder.readInt32(),
    messages: await decodeRecordSet(decoder),
  };
}

/** Compressed batches, which only foreign producers write, go the client's own way. */
async function decodeRecordSet(decoder: Decoder): Promise<unknown> {
  const bytes = decoder.readInt32();
  if (bytes <= 0) return [];
  const set = decoder.readBytes(bytes);
  try {
    return decodeRecordBatches(set);
  } catch (error) {
    if (!(error instanceof CompressedBatch)) throw error;
  }
  const DecoderClass = require('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;
  const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (decoder: Decoder) => Promise<unknown>;
  const sized = Buffer.allocUnsafe(4 + set.length);
  sized.writeInt32BE(set.length, 0);
  set.copy(sized, 4);
  return decodeMessages(new DecoderClass(sized));
}
