/**
 * The schema registry. Lookups by subject go through the registry client; schema texts and registration use
 * the REST interface itself, because the client hands out compiled types without their logical types, sets
 * the compatibility level after registering, and refuses any level that differs from its own default.
 */
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { limits } from '../../limits';
import type { RegisteredSchema, SchemaAdministration } from '../ports';

export interface RegistrySettings { readonly url: string; readonly username?: string; readonly password?: string }

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';
const NOT_FOUND = 404;

export class ConfluentRegistry implements SchemaAdministration {
  private readonly client: SchemaRegistry;

  constructor(private readonly settings: RegistrySettings) {
    const { url, username, password } = settings;
    this.client = new SchemaRegistry({ host: url, ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }), retry: { retries: 1, initialRetryTimeInSecs: 0.1, maxRetryTimeInSecs: 1, factor: 0.2, multiplier: 2 } });
  }

  async latest(subject: string): Promise<RegisteredSchema | undefined> {
    let id: number;
    try {
      id = await this.client.getLatestSchemaId(subject);
    } catch (error) {
      if ((error as { status?: number }).status === NOT_FOUND) return undefined;
      throw error;
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
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === NOT_FOUND) return undefined;
    const text = await response.text();
    if (!response.ok) throw new Error(`registry answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as unknown;
  }
}
