import pino, { type Logger } from 'pino';

/** Fields that must never reach a log line, at any depth that we log. */
const personal = ['declarantId', 'traderId', 'counterpartyId', 'declarantToken', 'traderToken', 'counterpartyToken', 'password', 'key', 'sasl', 'value', 'headers'];

/** JSON lines on standard error; standard output belongs to results. */
export function createLogger(service: string, level: string): Logger {
  return pino(
    { name: service, level, base: { service, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: personal.flatMap((field) => [field, `*.${field}`]), censor: '[removed]' } },
    pino.destination({ fd: 2, sync: true }),
  );
}
