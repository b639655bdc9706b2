/**
 * The schema registry. Lookups by subject go through the registry client; schema texts and registration use
 * the REST interface itself, because the client hands out compiled types without their logical types, sets
 * the compatibility level after registering, and refuses any level that differs from its own default.
 */
import { Agent as HttpsAgent } from 'node:https';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Agent, fetch } from 'undici';
import { limits } from '../../limits';
import type { RegisteredSchema, SchemaAdministration } from '../ports';
import { NotReady } from '../waiting';

export interface RegistrySettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM text. */
  readonly certificateAuthority?: string;
}

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';
const [UNAUTHORIZED, FORBIDDEN, NOT_FOUND] = [401, 403, 404];

/** The client's own words are 'fetch failed': what failed is the cause. */
function withCause(error: Error): Error {
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  if (/certificate/i.test(cause ?? error.message)) return new NotReady(`the registry's certificate is not accepted (${cause ?? error.message}): see TIDEWAITER_REGISTRY_CA_FILE`);
  return cause === undefined ? error : new Error(`${error.message}: ${cause}`);
}

export class ConfluentRegistry implements SchemaAdministration {
  private readonly client: SchemaRegistry;
  /** Undefined: the authorities that Node.js knows. */
  private readonly dispatcher: Agent | undefined;

  constructor(private readonly settings: RegistrySettings) {
    const { url, username, password, certificateAuthority: ca } = settings;
    this.dispatcher = ca === undefined ? undefined : new Agent({ connect: { ca } });
    this.client = new SchemaRegistry({ host: url, ...(ca === undefined ? {} : { agent: new HttpsAgent({ ca }) }), ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }), retry: { retries: 1, initialRetryTimeInSecs: 0.1, maxRetryTimeInSecs: 1, factor: 0.2, multiplier: 2 } });
  }

  async latest(subject: string): Promise<RegisteredSchema | undefined> {
    let id: number;
    try {
      id = await this.client.getLatestSchemaId(subject);
    } catch (error) {
      const { status } = error as { status?: number };
      if (status === NOT_FOUND) return undefined;
      throw this.refusal(status) ?? withCause(error as Error);
    }
    const schema = await this.byId(id);
    return schema === undefined ? undefined : { id, schema };
  }

  async byId(id: number): Promise<string | undefined> {
    const answer = await this.call('GET', `/schemas/ids/${id}`);
    return answer === undefined ? undefined : (answer as { schema: string }).schema;
  }

  async compatible(subject: string, schema: string): Promise<boolean> {
    const answer = await this.call('POST', `/compatibility/subjects/${encodeURIComponent(subject)}/versions`, { schema });
    return answer === undefined || (answer as { is_compatible: boolean }).is_compatible;
  }

  async register(subject: string, schema: string): Promise<number> {
    await this.call('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: 'FULL_TRANSITIVE' });
    const latest = await this.latest(subject);
    if (latest && !(await this.compatible(subject, schema))) throw new Error(`${subject}: the schema is not FULL_TRANSITIVE compatible with the versions registered`);
    const answer = await this.call('POST', `/subjects/${encodeURIComponent(subject)}/versions`, { schema });
    return (answer as { id: number }).id;
  }

  private refusal(status: number | undefined): Error | undefined {
    const user = this.settings.username ?? 'whoever comes without a password';
    if (status === UNAUTHORIZED) return new NotReady(`the schema registry does not know ${user} (401): see TIDEWAITER_REGISTRY_USERNAME and TIDEWAITER_REGISTRY_PASSWORD_FILE`);
    if (status === FORBIDDEN) return new NotReady(`the schema registry refuses ${user} what it asked for (403): services read schemas, "tidewaiter schemas register" writes them`);
    return undefined;
  }

  /** Undefined on 404; rejects on any other failure. */
  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, username, password } = this.settings;
    const response = await fetch(url.replace(/\/$/, '') + path, {
      method,
      headers: {
        'content-type': CONTENT_TYPE,
        ...(username === undefined ? {} : { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` }),
      },
      signal: AbortSignal.timeout(limits.registryTimeoutMs),
      ...(this.dispatcher === undefined ? {} : { dispatcher: this.dispatcher }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: Error) => { throw withCause(error); });
    if (response.status === NOT_FOUND) return undefined;
    const text = await response.text();
    const refusal = this.refusal(response.status);
    if (refusal) throw refusal;
    if (!response.ok) throw new Error(`registry answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as unknown;
  }
}
