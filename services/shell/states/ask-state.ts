/** One question to one process: what it answers on /state, or why it does not. */
import { request, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { limits } from '../../limits';
import { stateNames, type ServiceState } from '../service-state';
import type { Unheard } from './replicas';

/** Fields that another release adds are passed over; a moment that is none would come out as an error far from here. */
const answer = z.object({
  name: z.string(), pid: z.number().int(), state: z.enum(stateNames), reason: z.string().optional(),
  newestEventAt: z.number().refine((milliseconds) => !Number.isNaN(new Date(milliseconds).getTime())).nullable(), updatedAt: z.number(),
  stoppedPartitions: z.record(z.string(), z.string()).optional(), alarms: z.record(z.string(), z.string()).optional(),
});

/** Nobody is there: as against somebody who breaks off or says nothing. */
const nobody = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH']);

/** Never rejects; the signal is the deadline. */
export async function askState(name: string, place: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<ServiceState | Unheard> {
  try {
    const { status, body } = await asked(place, signal);
    const state = answer.safeParse(status === 200 ? asJson(body) : undefined);
    if (!state.success) return { state: 'silent', reason: `no state in its answer, HTTP ${status}` };
    return state.data.name === name ? state.data : { state: 'silent', reason: `another service answers: ${state.data.name}` };
  } catch (error) {
    if (signal.aborted) return { state: 'silent', reason: 'no answer in time' };
    const { code, message } = error as NodeJS.ErrnoException;
    return code !== undefined && nobody.has(code) ? { state: 'down', reason: `nobody listens: ${code}` } : { state: 'silent', reason: message };
  }
}

function asked({ host, port }: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    /** Connections are not kept: who is behind a name changes. */
    const call = request({ host, port, path: '/state', agent: false, signal }, (response) => {
      read(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    call.on('error', reject);
    call.end();
  });
}

/** @throws when it is longer than any state. */
async function read(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limits.stateAnswerBytes) throw new Error('its answer is too long for a state');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
