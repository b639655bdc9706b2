/** A schema registry in memory: FULL_TRANSITIVE, one id for each text whatever the subject, as the real ones do it. */
import { avroType } from '../avro/codec';
import type { RegisteredSchema, SchemaAdministration } from '../ports';

export class MemoryRegistry implements SchemaAdministration {
  private readonly texts: string[] = [];
  private readonly subjects = new Map<string, number[]>();
  private up = true;

  goAway(): void { this.up = false; }
  comeBack(): void { this.up = true; }

  private mustBeAvailable(): void { if (!this.up) throw new Error('the registry does not answer'); }

  async latest(subject: string): Promise<RegisteredSchema | undefined> {
    this.mustBeAvailable();
    const id = this.subjects.get(subject)?.at(-1);
    return id === undefined ? undefined : { id, schema: this.texts[id - 1] as string };
  }

  async byId(id: number): Promise<string | undefined> {
    this.mustBeAvailable();
    return this.texts[id - 1];
  }

  async compatible(subject: string, schema: string): Promise<boolean> {
    this.mustBeAvailable();
    return (this.subjects.get(subject) ?? []).every((id) => readable(schema, this.texts[id - 1] as string) && readable(this.texts[id - 1] as string, schema));
  }

  async register(subject: string, schema: string): Promise<number> {
    avroType(JSON.parse(schema));
    if (!(await this.compatible(subject, schema))) throw new Error(`${subject}: the schema is not FULL_TRANSITIVE compatible with the versions registered`);
    const versions = this.subjects.get(subject) ?? [];
    let id = this.texts.indexOf(schema) + 1;
    if (id === 0) id = this.texts.push(schema);
    if (!versions.includes(id)) this.subjects.set(subject, [...versions, id]);
    return id;
  }
}

/** Whether a reader of one schema can read what was written with the other. */
function readable(reader: string, writer: string): boolean {
  try {
    avroType(JSON.parse(reader)).createResolver(avroType(JSON.parse(writer)));
    return true;
  } catch {
    return false;
  }
}
