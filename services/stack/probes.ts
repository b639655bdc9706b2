/** Ready means a real answer: never an open port alone, never a pause. */
import { connect } from 'node:net';
import { limits } from '../limits';

/** Sends bytes and resolves with the first answer; undefined when nobody answers. */
function exchange(port: number, request: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answer?: Buffer): void => { socket.destroy(); resolve(answer); };
    socket.setTimeout(limits.stackProbeMs, () => finish());
    socket.once('error', () => finish());
    socket.once('connect', () => socket.write(request));
    socket.once('data', finish);
    socket.once('close', () => finish());
  });
}

/** Kafka ApiVersions, version 0: size, key 18, version, correlation id 7, null client id. */
const apiVersions = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff]);

export async function brokerAnswers(port: number): Promise<boolean> {
  const answer = await exchange(port, apiVersions);
  return answer !== undefined && answer.length >= 8 && answer.readInt32BE(4) === 7;
}

export async function redisAnswers(port: number): Promise<boolean> {
  const answer = await exchange(port, Buffer.from('*1\r\n$4\r\nPING\r\n'));
  return answer?.toString('latin1').startsWith('+PONG') ?? false;
}

export async function registryAnswers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/apis/ccompat/v7/subjects`, { signal: AbortSignal.timeout(limits.stackProbeMs) });
    return response.ok;
  } catch {
    return false;
  }
}

/** True when somebody listens, whoever it is. */
export function portTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(limits.stackProbeMs, () => { socket.destroy(); resolve(true); });
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
