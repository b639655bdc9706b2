/**
 * Where the live figures are, asked anew for each question: whoever asks once and reads with what it got sees one namespace,
 * never a mixture.
 */
import { liveOf, noNamespaces, placeOf, type FiguresPlace, type LiveFigures } from '../domain/namespace-directory';
import { LIVE_NAMESPACE } from '../topology';
import type { ClosedStore } from './closed-store';
import type { Config } from './config';
import type { Neighbours } from './connect';
import type { DirectoryStore } from './directory-store';
import type { FigureReader } from './figure-store';

export interface LiveStores { readonly live: LiveFigures; readonly reader: FigureReader; readonly closed: ClosedStore }

/** The namespace that settings mean: `live` is whatever is live, any other name is itself. One that is `named` is itself always. */
export async function meantBy(config: Config, directory: DirectoryStore, named?: string): Promise<LiveFigures> {
  const known = (await directory.read()) ?? noNamespaces;
  if (named !== undefined) return { ...placeOf(known, named), generation: 0 };
  return config.TIDEWAITER_NAMESPACE === LIVE_NAMESPACE ? liveOf(known) : { ...placeOf(known, config.TIDEWAITER_NAMESPACE), generation: 0 };
}

/** The figures of a replay that was promoted over those that the services of these settings count; undefined: theirs are read. */
export const promotedFigures = (config: Config, live: LiveFigures, open: (place: FiguresPlace) => FigureReader): (FiguresPlace & { readonly reader: FigureReader }) | undefined =>
  (live.name === config.TIDEWAITER_NAMESPACE ? undefined : { name: live.name, inputs: live.inputs, reader: open(live) });

export class LiveNamespace {
  private readonly directory: DirectoryStore;
  /** Kept for questions that are being answered; there are as many as there were promotions. */
  private readonly opened = new Map<string, LiveStores>();

  constructor(private readonly config: Config, private readonly neighbours: Pick<Neighbours, 'figures' | 'closed' | 'directory'>) {
    this.directory = neighbours.directory();
  }

  async current(): Promise<LiveStores> {
    const live = await meantBy(this.config, this.directory);
    const known = this.opened.get(live.name);
    if (known) return { ...known, live };
    const stores: LiveStores = { live, reader: this.neighbours.figures(live), closed: this.neighbours.closed(live) };
    this.opened.set(live.name, stores);
    return stores;
  }

  async close(): Promise<void> {
    await this.directory.close();
    for (const stores of this.opened.values()) for (const store of [stores.reader, stores.closed]) await store.close();
  }
}
