/**
 * Where the live figures are, asked anew for each question: whoever asks once and reads with what it got sees one namespace,
 * never a mixture.
 */
import { liveOf, noNamespaces, placeOf, type FiguresPlace, type LiveFigures, type NamespaceManifest } from '../domain/namespace-directory';
import { LIVE_NAMESPACE } from '../topology';
import type { ClosedStore } from './closed-store';
import type { Config } from './config';
import type { Neighbours } from './connect';
import type { DirectoryStore } from './directory-store';
import type { FigureReader } from './figure-store';

/** A namespace as somebody who asks means it. */
export interface MeantFigures extends LiveFigures {
  /** What it is made of; undefined: it is counted by the services of the flow, or was restored. */
  readonly replay: NamespaceManifest | undefined;
  /** Everybody reads it who names none, and the aggregate topics have it. */
  readonly isLive: boolean;
}
export interface LiveStores { readonly live: MeantFigures; readonly reader: FigureReader; readonly closed: ClosedStore }

/** The namespace that settings mean: `live` is whatever is live, any other name is itself. One that is `named` is itself always. */
export async function meantBy(config: Config, directory: DirectoryStore, named?: string): Promise<MeantFigures> {
  const known = (await directory.read()) ?? noNamespaces;
  const [live, name] = [liveOf(known), named ?? config.TIDEWAITER_NAMESPACE];
  const meant = named === undefined && name === LIVE_NAMESPACE ? live : { ...placeOf(known, name), generation: 0 };
  return { ...meant, replay: known.namespaces[meant.name], isLive: meant.name === live.name };
}

/** The figures of a replay that was promoted over those that the services of these settings count; undefined: theirs are read. */
export const promotedFigures = (config: Config, live: LiveFigures, open: (place: FiguresPlace) => FigureReader): (FiguresPlace & { readonly reader: FigureReader }) | undefined =>
  (live.name === config.TIDEWAITER_NAMESPACE ? undefined : { name: live.name, inputs: live.inputs, reader: open(live) });

export class LiveNamespace {
  private readonly directory: DirectoryStore;
  /** Kept for questions that are being answered, by name and topics: there are as many as there were promotions. */
  private readonly opened = new Map<string, LiveStores>();
  private last: LiveStores | undefined;

  constructor(private readonly config: Config, private readonly neighbours: Pick<Neighbours, 'figures' | 'closed' | 'directory'>) {
    this.directory = neighbours.directory();
  }

  /** What was live when it was asked last. */
  get known(): LiveStores | undefined { return this.last; }

  async current(): Promise<LiveStores> {
    const live = await meantBy(this.config, this.directory);
    return (this.last = this.storesOf(live));
  }

  private storesOf(live: MeantFigures): LiveStores {
    const place = [live.name, ...live.inputs].join(' ');
    const known = this.opened.get(place);
    if (known) return { ...known, live };
    const stores: LiveStores = { live, reader: this.neighbours.figures(live), closed: this.neighbours.closed(live) };
    this.opened.set(place, stores);
    return stores;
  }

  async close(): Promise<void> {
    await this.directory.close();
    for (const stores of this.opened.values()) for (const store of [stores.reader, stores.closed]) await store.close();
  }
}
