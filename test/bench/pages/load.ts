/**
 * The stream, in a process of its own: generated declarations whose times are moved to now, the same ones again under
 * other ids, once the parent says so. What came before is sent at the start: an hour's minutes and a day's, as the windows
 * of pages read them.
 * Arguments: events a second, seed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { readNdjsonLine } from '../../../services/feed/ndjson';
import { emptyTally, generate } from '../../../services/generate/generate';
import type { RawDeclaration } from '../../../services/domain/declaration';
import { avroType, Encoder } from '../../../services/shell/avro/codec';
import { topicSchema } from '../../../services/shell/avro/schema-files';
import { readConfig } from '../../../services/shell/config';
import { connectLog, connectRegistry } from '../../../services/shell/connect';
import { readProfile } from '../../../services/shell/definition-files';
import type { Sink } from '../../../services/shell/ports';
import { ownSchemaId } from '../../../services/shell/stage-codec';
import { rawTopic } from '../../../services/topology';
import { MARK } from './kinds';

const [rate = 2_000, seed = '1'] = [Number(process.argv[2]), process.argv[3]];
const LAP = 40_000;
/** As much as twenty seconds of the stream. */
const PAST = 20 * rate;
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];
const SLICES_PER_SECOND = 20;
/** Behind the clock: marks alone are newest. */
const BEHIND_MS = 5_000;

/** No declaration has the partner of the marks. */
function declarations(): RawDeclaration[] {
  const options = { profile: readProfile(readConfig().TIDEWAITER_PROFILE), seed: `pages/${seed}`, count: LAP, days: 1, untilMs: Date.now() - DAY_MS, withFaults: false };
  return [...generate(options, emptyTally())].flatMap((line) => (line.includes(`"${MARK.partner}"`) ? [] : (readNdjsonLine(line, 1)?.declaration ?? [])));
}

function movedTo(declaration: RawDeclaration, lap: string, atMs: number): RawDeclaration {
  const { declarationId, eventId, acceptedAt, payments } = declaration;
  return {
    ...declaration, declarationId: `${declarationId}-${lap}`, eventId: `${eventId}-${lap}`, occurredAt: atMs, acceptedAt: acceptedAt === null ? null : atMs,
    payments: payments.map((payment) => ({ ...payment, paidAt: atMs })),
  };
}

type SendAll = (declarations: readonly RawDeclaration[]) => Promise<unknown>;

async function past(made: readonly RawDeclaration[], send: SendAll): Promise<void> {
  const nowMs = Date.now();
  for (const [lap, spanMs] of [['day', DAY_MS], ['hour', HOUR_MS]] as const) {
    for (let sent = 0; sent < PAST; sent += rate) {
      await send(Array.from({ length: rate }, (_, index) => movedTo(made[(sent + index) % made.length] as RawDeclaration, lap, Math.floor(nowMs - BEHIND_MS - spanMs * (1 - (sent + index) / PAST)))));
    }
  }
}

/** Until it is ended. */
async function stream(made: readonly RawDeclaration[], send: SendAll): Promise<void> {
  const startMs = performance.now();
  const perSlice = rate / SLICES_PER_SECOND;
  for (let sent = 0; ; sent += perSlice) {
    await send(Array.from({ length: perSlice }, (_, index) => movedTo(made[(sent + index) % made.length] as RawDeclaration, String(Math.floor((sent + index) / made.length)), Date.now() - BEHIND_MS)));
    const aheadMs = startMs + ((sent + perSlice) / rate) * 1_000 - performance.now();
    if (aheadMs > 0) await delay(aheadMs);
  }
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = connectLog(config, 'bench-load', pino({ level: 'silent' }));
  const encoder = new Encoder(await ownSchemaId(connectRegistry(config), rawTopic), avroType(topicSchema(rawTopic)));
  const sink: Sink = await log.sink();
  const send: SendAll = (made) => sink.send(made.map((declaration) => ({ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, config.TIDEWAITER_PARTITIONS), key: declaration.declarationId, value: encoder.encode(declaration) })));
  const made = declarations();
  await past(made, send);
  process.send?.('past');
  await new Promise((told) => { process.once('message', told); });
  await stream(made, send);
}

process.on('disconnect', () => process.exit(0));
void main().catch((error: Error) => { process.stderr.write(`${error.message}\n`); process.exit(1); });
