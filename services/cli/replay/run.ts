/** `replay run`: makes the namespace, or goes on with it, and counts history into it with workers of its own. */
import { liveOf, noNamespaces, type NamespaceManifest } from '../../domain/namespace-directory';
import { limits } from '../../limits';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import { historyLeft, historySize, manifestFor } from '../../replay/replay-manifest';
import { noRoomWhy } from '../../replay/yielding/room';
import { readConfig, type Config } from '../../shell/config';
import { readCatalogue, readProfile } from '../../shell/definition-files';
import type { DirectoryStore } from '../../shell/directory-store';
import type { FigureReader } from '../../shell/figure-store';
import { readOffsets } from '../../shell/read-positions';
import { ReferenceFollower } from '../../shell/reference-follower';
import { monotonicMs } from '../../shell/waiting';
import { CountProgress } from '../count-progress';
import { CommandFailure } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { print, printJson, say } from '../output';
import { StopRequest } from '../stop-request';
import { Crew, type Rank } from './crew';
import { memoryPlan, memoryText } from './memory-plan';
import { checkName, mustHaveNoWorkers, Namespaces } from './namespaces';
import { refreshed } from './refresh';
import { askedOf, differingOptions, mustBeWhole, type RequestOptions } from './replay-request';

export type RunOptions = RequestOptions & { readonly workers: number; readonly by: string; readonly follow?: true; readonly json?: true };

export async function runReplay(name: string, options: RunOptions): Promise<void> {
  checkName(name);
  const config = readConfig();
  await withNeighbours(config, async (neighbours) => {
    const namespaces = await Namespaces.open(neighbours);
    const known = namespaces.directory.namespaces[name];
    const manifest = known ?? (await created(name, options, config, neighbours, namespaces));
    if (known) await mustBeAskedAgain(known, options, config, neighbours);
    if (known) say(`${name} was begun by ${known.createdBy} on ${new Date(known.createdAtMs).toISOString()}: going on as it was begun`);
    if (options.follow && manifest.bounded) throw new CommandFailure(`${name} ends with its history: there is nothing to follow`);
    const stop = new StopRequest();
    const run = new Run(manifest, options, { config, neighbours, namespaces, reader: await neighbours.figures(manifest) }, stop);
    const records = await run.toTheEnd();
    if (stop.asked && !options.follow) throw new CommandFailure(`stopped; the same command goes on with ${name} where it is`);
    if (options.json) printJson({ namespace: name, records });
    else print(`${name}: ${records} records of history are counted.\nCompare it with "tidewaiter replay compare ${name}", look at it with "tidewaiter query … --namespace ${name}".`);
  });
}

async function created(name: string, options: RunOptions, config: Config, neighbours: Neighbours, namespaces: Namespaces): Promise<NamespaceManifest> {
  const asked = await askedOf(options, config, neighbours);
  mustBeWhole(asked);
  const manifest = manifestFor({ name, by: options.by, nowMs: Date.now(), ...asked }, asked.history, asked.documents, asked.reference);
  const memory = memoryText(await memoryPlan(historySize(manifest), neighbours));
  if (memory !== '') say(memory);
  const reader = await neighbours.figures(manifest);
  const made = await neighbours.redisCall(reader.manifest());
  if (name === config.TIDEWAITER_NAMESPACE || (made !== undefined && !('source' in (JSON.parse(made) as object)))) throw new CommandFailure(`${name} has figures that are no replay's: choose another name`, 2);
  await mustHaveNoWorkers(name, neighbours);
  /** What lies there of an earlier replay of this name was not cleared away to its end. */
  await reader.drop();
  await namespaces.tell({ kind: 'created', manifest });
  return manifest;
}

/** @throws CommandFailure when it was begun otherwise than it is asked for now: what is asked for would not be counted. */
async function mustBeAskedAgain(known: NamespaceManifest, options: RunOptions, config: Config, neighbours: Neighbours): Promise<void> {
  const differing = await differingOptions(known, options, config, neighbours);
  if (differing.length > 0) throw new CommandFailure(`${known.name} was begun with other ${differing.join(', ')}, and goes on only as it was begun: leave these options out, or choose another name`, 2);
}

export interface Surroundings { readonly config: Config; readonly neighbours: Neighbours; readonly namespaces: Namespaces; readonly reader: FigureReader }

export class Run {
  private readonly crew: Crew;
  private loaded: ReferenceFollower | undefined;
  /** By which set as loaded, the namespace's own documents apart, what comes is decided. */
  private decidesBy: string | undefined;
  private nextRefreshMs = 0;
  private nextRoomMs = 0;
  private saidNoRoom = false;
  private rank: Rank = 'behind';
  private opened: Promise<DirectoryStore> | undefined;

  /** `goesOn`: asked between two looks. */
  constructor(private manifest: NamespaceManifest, private readonly options: Pick<RunOptions, 'workers' | 'by' | 'follow'>, private readonly around: Surroundings, private readonly stop: StopRequest, private readonly goesOn: () => Promise<boolean> = async () => true) {
    this.crew = new Crew(manifest.name, options.workers);
  }

  /** Until history is counted, or with `follow` until it is stopped; answers how many records that is. */
  async toTheEnd(): Promise<number> {
    const follow = this.options.follow === true;
    const total = historySize(this.manifest);
    const progress = new CountProgress(total, 'records');
    try {
      if (follow) await this.followReference();
      this.rank = await this.rankNow();
      this.crew.start(this.rank);
      for (let done = -1; !this.stop.asked && (follow || done < total) && (await this.goesOn()); await this.stop.pause(done < total ? limits.rebuildLookMs : limits.followLookMs)) {
        this.crew.mustGoOn();
        if (follow) await this.refreshIfLoaded();
        if (follow && this.rank === 'behind') await this.stepUpIfLive();
        await this.tellOfRoom(progress);
        const before = done;
        done = total - historyLeft(this.manifest, await readOffsets(this.around.reader));
        if (done < total || before < total) progress.update(done);
        if (follow && before < total && done >= total) say('history is counted; following what comes');
      }
    } finally {
      progress.stop();
      await this.crew.stop();
      await this.loaded?.stop();
    }
    return total;
  }

  private async followReference(): Promise<void> {
    const { config, neighbours } = this.around;
    this.loaded = await ReferenceFollower.start(await neighbours.log(), await neighbours.registry(), readCatalogue(readProfile(config.TIDEWAITER_PROFILE)), neighbours.logger, (trouble) => { if (trouble !== undefined) say(trouble); });
    await this.refresh(this.loaded.catalogue);
  }

  /** The live stages decide by what was just loaded: so must what follows them. */
  private async refreshIfLoaded(): Promise<void> {
    const catalogue = this.loaded?.catalogue;
    if (!catalogue || catalogue.latest.digest === this.decidesBy || monotonicMs() < this.nextRefreshMs) return;
    await this.crew.stop();
    await this.refresh(catalogue);
    this.crew.start(this.rank);
  }

  /** Figures that everybody reads yield to nobody. */
  private async rankNow(): Promise<Rank> {
    const { neighbours } = this.around;
    const directory = await neighbours.redisCall((await this.directory()).read());
    return liveOf(directory ?? noNamespaces).name === this.manifest.name ? 'equal' : 'behind';
  }

  private async stepUpIfLive(): Promise<void> {
    if ((await this.rankNow()) === 'behind') return;
    await this.crew.stop();
    this.rank = 'equal';
    this.crew.start(this.rank);
  }

  /** A bar that stands still does not say why. */
  private async tellOfRoom(progress: CountProgress): Promise<void> {
    if (monotonicMs() < this.nextRoomMs) return;
    this.nextRoomMs = monotonicMs() + limits.replayRoomLookMs;
    const use = await this.around.reader.memoryUse().catch(() => undefined);
    if (use === undefined) return;
    /** Those that everybody reads wait for nobody; undone, they do again. */
    const why = (await this.rankNow()) === 'equal' ? undefined : noRoomWhy(use);
    if (why !== undefined && !this.saidNoRoom) progress.line(`it waits: redis ${why}`);
    if (why === undefined && this.saidNoRoom) progress.line('redis has room again: it goes on');
    this.saidNoRoom = why !== undefined;
  }

  private directory(): Promise<DirectoryStore> { return (this.opened ??= this.around.neighbours.directory()); }

  private async refresh(catalogue: ReferenceCatalogue): Promise<void> {
    const { config, neighbours, namespaces } = this.around;
    const decidesBy = catalogue.latest.digest;
    const changed = await refreshed(this.manifest, catalogue, this.options.by, config, neighbours, namespaces);
    this.nextRefreshMs = monotonicMs() + limits.refreshRetryMs;
    if (typeof changed === 'string') { say(`reference data was loaded that does not decide here yet: ${changed}`); return; }
    if (changed) say('reference data was loaded: it decides what comes from here on');
    this.manifest = changed ?? this.manifest;
    this.decidesBy = decidesBy;
  }
}
