/** The directory of namespaces as commands change it: an event on the log, then the copy that readers of figures see. */
import { withEvent, type NamespaceDirectory, type NamespaceEvent, type NamespaceManifest } from '../../domain/namespace-directory';
import { outgoingEvent, readDirectory } from '../../shell/namespace-events';
import { LIVE_NAMESPACE } from '../../topology';
import { CommandFailure } from '../failure';
import type { Neighbours } from '../neighbours';

export class Namespaces {
  private constructor(private readonly neighbours: Neighbours, public directory: NamespaceDirectory) {}

  static async open(neighbours: Neighbours): Promise<Namespaces> {
    return new Namespaces(neighbours, await neighbours.kafkaCall(readDirectory(await neighbours.inspector(), await neighbours.registry())));
  }

  /** @throws CommandFailure that lists those that there are. */
  named(name: string): NamespaceManifest {
    const manifest = this.directory.namespaces[name];
    if (manifest) return manifest;
    const names = Object.keys(this.directory.namespaces);
    throw new CommandFailure(`there is no replay "${name}"; ${names.length === 0 ? 'there are none: "tidewaiter replay run NAME" makes one' : `there are ${names.join(', ')}`}`);
  }

  /** The event on the log first: what readers see can be made again from it. */
  async tell(event: NamespaceEvent): Promise<void> {
    const { neighbours } = this;
    const record = await neighbours.registryCall(outgoingEvent(event, await neighbours.registry()));
    const sink = await (await neighbours.log()).sink();
    neighbours.onClose(() => sink.close());
    const [acknowledged] = await neighbours.kafkaCall(sink.send([record]));
    this.directory = withEvent(this.directory, event, acknowledged?.baseOffset ?? this.directory.revision);
    const store = await neighbours.directory();
    await neighbours.redisCall(store.write(this.directory));
  }
}

/** Figures that are cleared away while somebody counts into them would be torn. @throws CommandFailure */
export async function mustHaveNoWorkers(name: string, neighbours: Neighbours): Promise<void> {
  const workers = await neighbours.kafkaCall((await neighbours.inspector()).members('aggregate', name));
  if (workers > 0) throw new CommandFailure(`${workers} ${workers === 1 ? 'worker counts' : 'workers count'} into ${name}: stop "tidewaiter replay run ${name}" first`);
}

/** Small letters, digits and hyphens, at most 40; `live` is that of the services. */
export const canBeNamed = (name: string): boolean => /^[a-z0-9-]{1,40}$/.test(name) && name !== LIVE_NAMESPACE;

/** A name that can be a namespace. @throws CommandFailure */
export function checkName(name: string): void {
  if (!canBeNamed(name)) throw new CommandFailure(`"${name}" cannot be the name of a replay: small letters, digits and hyphens, at most 40, and not "${LIVE_NAMESPACE}"`, 2);
}
