/**
 * Figures explained for the console, as `tidewaiter explain` explains them: a few at a time, of no more declarations than
 * a process may look through that answers others, and without what the log says where it does not answer in time.
 */
import type { Logger } from 'pino';
import type { NamespaceManifest } from '../../domain/namespace-directory';
import type { DecidedRecords } from '../../explain/decided-records';
import { enrichedRecords } from '../../explain/enriched-records';
import { explainFigure, type ExplainRequest } from '../../explain/explain-figure';
import { declarationHistory, explainedDeclaration, type ExplainedDeclaration, type KeptCells } from '../../explain/explain-declaration';
import { explanationOf, type Explanation, type LogChoice } from '../../explain/explanation';
import { limits } from '../../limits';
import type { QueryContext } from '../../query/answer-query';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import type { Profile } from '../../reference/types';
import { decidedAgain } from '../../replay/decided-again';
import { avroType } from '../../shell/avro/codec';
import { ledgerSchema } from '../../shell/avro/schema-files';
import type { Config } from '../../shell/config';
import type { Neighbours } from '../../shell/connect';
import type { LedgerStore } from '../../shell/figure-store';
import { LedgerEntries } from '../../shell/ledger-entries';
import type { LiveStores } from '../../shell/live-namespace';
import type { Log, LogInspector, SchemaSource } from '../../shell/ports';
import { readOffsets } from '../../shell/read-positions';
import { within } from '../../shell/within';
import { countedTopic, type View } from '../../topology';
import { ApiError } from '../api/api-error';
import type { Figures } from './figures';
import { KeptExplanations, type KeptExplanation } from './kept-explanations';
import { SharedAnswers } from './shared-answers';
import { Turns } from './turns';

/** `next`: where the declarations behind these begin; null where none can be paged to. `logRead`: false where the log did not answer. */
export interface ExplainedPage { readonly explanation: Explanation; readonly next: string | null; readonly logRead: boolean }
/** Why there is no history: the log is too long to be looked through here, or did not answer. */
export type HistoryMissing = 'too-long' | 'away';
export interface TracedDeclaration { readonly declaration: ExplainedDeclaration; readonly historyMissing: HistoryMissing | null }

export interface ExplanationParts {
  readonly figures: Figures;
  readonly log: Pick<Log, 'partitionOf'>;
  readonly registry: SchemaSource;
  readonly inspector: () => Promise<LogInspector>;
  readonly neighbours: Pick<Neighbours, 'ledger'>;
  readonly config: Pick<Config, 'TIDEWAITER_PARTITIONS' | 'TIDEWAITER_LEDGER_HORIZON_DAYS'>;
  readonly catalogue: ReferenceCatalogue;
  readonly profile: Profile;
  readonly logger: Logger;
}

export class Explanations {
  private readonly turns = new Turns(limits.explanationsAtOnce, limits.explanationsWaiting);
  private readonly shared = new SharedAnswers<ExplainedPage>({ gatherMs: 0, everyMs: limits.answerEveryMs, factor: limits.answerRestFactor });
  private readonly pages = new KeptExplanations({ most: limits.explanationsKept, keepMs: limits.explanationKeptMs });
  private readonly entries = new LedgerEntries(avroType(ledgerSchema()));
  /** By namespace, with a connection of its own: what is read here is much, and nobody else waits behind it. */
  private readonly ledgers = new Map<string, LedgerStore>();
  private replay: { readonly name: string; readonly decisions: ReturnType<typeof decidedAgain> } | undefined;

  constructor(private readonly parts: ExplanationParts) {}

  /** The largest declarations of a figure. @throws ApiError that says why it cannot be explained, or not now. */
  first(request: ExplainRequest, limit: number): Promise<ExplainedPage> {
    return this.shared.ask(JSON.stringify([request, limit]), () => this.inTurn(() => this.parts.figures.fitting(async (stores) => {
      const kept = await this.explained(request, stores);
      return this.page(kept, 0, limit);
    })));
  }

  /** Those behind `after`, of the same reading; of this view, by which it is judged who may see them. @throws ApiError when it was let go. */
  async next(view: View, after: string, limit: number): Promise<ExplainedPage> {
    const [, token = '', from = ''] = /^([\w-]+)\.(\d+)$/.exec(after) ?? [];
    const kept = this.pages.of(token);
    if (kept?.request.view !== view) throw new ApiError('conflict', 'this explanation is not kept any more: ask for it again, without "after"');
    return this.inTurn(() => this.page(kept, Number(from), limit));
  }

  /** Every cell that a declaration adds to. @throws ApiError when nothing is known of it. */
  async declaration(declarationId: string): Promise<TracedDeclaration> {
    return this.inTurn(() => this.parts.figures.fitting(async (stores) => {
      const { log, config } = this.parts;
      const partition = log.partitionOf(declarationId, config.TIDEWAITER_PARTITIONS);
      const { entries: [entry] } = await this.ledgerOf(stores).readLedger({ topic: countedTopic, partition }, [declarationId]);
      const history = await within(limits.consoleExplainLogMs, this.historyOf(stores, declarationId, partition)).catch(() => 'away' as const);
      const told = typeof history === 'string' ? null : history;
      const declaration = explainedDeclaration(declarationId, entry ? this.entries.decode(entry) : undefined, told, this.kept(stores));
      if (declaration.cells.length === 0 && !told?.length) throw new ApiError('not-found', `nothing is known of a declaration "${declarationId}"`);
      return { declaration, historyMissing: typeof history === 'string' ? history : null };
    }));
  }

  async close(): Promise<void> { for (const ledger of this.ledgers.values()) await ledger.close(); }

  private inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return within(limits.consoleExplainMs, this.turns.take(limits.consoleExplainMs, work));
  }

  private async explained(request: ExplainRequest, stores: LiveStores): Promise<KeptExplanation> {
    const { figures, config } = this.parts;
    const { reader, closed } = stores;
    const outcome = await explainFigure(request, figures.contextNow(), {
      reader, closed, ledger: this.ledgerOf(stores), entries: this.entries, partitions: config.TIDEWAITER_PARTITIONS, ledgerDays: stores.live.replay ? 0 : config.TIDEWAITER_LEDGER_HORIZON_DAYS,
      mostDeclarations: limits.explainedDeclarationsMost, mostListed: limits.explainedListed,
    });
    if ('malformed' in outcome) throw new ApiError('malformed', outcome.malformed);
    if ('refused' in outcome) throw new ApiError('refused', outcome.refused);
    return this.pages.keep(request, outcome, stores);
  }

  private ledgerOf({ live }: LiveStores): LedgerStore {
    const ledger = this.ledgers.get(live.name) ?? this.parts.neighbours.ledger(live);
    this.ledgers.set(live.name, ledger);
    return ledger;
  }

  private async page({ token, request, figure, of }: KeptExplanation, from: number, limit: number): Promise<ExplainedPage> {
    const { cubes, minorUnits } = this.parts.figures.contextNow();
    const { period, measure } = request;
    const choice = { from, limit, cubes, minorUnits, period, ...(measure === undefined ? {} : { measure }) };
    const behind = from + limit;
    const next = behind < figure.contributors.length ? `${token}.${behind}` : null;
    try {
      return { explanation: await within(limits.consoleExplainLogMs, this.logChoice(of).then((log) => explanationOf(figure, choice, log))), next, logRead: true };
    } catch (error) {
      this.parts.logger.warn({ error: (error as Error).message }, 'explained without what the log says');
      return { explanation: await explanationOf(figure, choice, undefined), next, logRead: false };
    }
  }

  private async logChoice(of: LiveStores): Promise<LogChoice> {
    const { registry, log, config } = this.parts;
    const inspector = await this.parts.inspector();
    return {
      decided: await this.decided(of, inspector),
      revisions: of.live.isLive ? { inspector, schemas: registry, partitionOf: (key) => log.partitionOf(key, config.TIDEWAITER_PARTITIONS), lookedThrough: limits.consoleRevisionsLookedThrough } : undefined,
    };
  }

  /** Undefined: the log alone does not say. An archive is not read here: whoever does so holds others up. */
  private async decided({ live: { replay }, reader }: LiveStores, inspector: LogInspector): Promise<DecidedRecords | undefined> {
    if (!replay) return enrichedRecords({ inspector, schemas: this.parts.registry });
    const { archive, ...manifest } = replay;
    if (archive?.alone) return undefined;
    const decisions = await this.decisionsOf(manifest);
    if ('why' in decisions) throw new Error(decisions.why);
    return decisions({ inspector, counted: await readOffsets(reader) });
  }

  /** Made once for a manifest: it takes as long as the start of a worker. */
  private decisionsOf(manifest: NamespaceManifest): ReturnType<typeof decidedAgain> {
    const name = JSON.stringify([manifest.name, manifest.createdAtMs, manifest.changes?.length, this.parts.catalogue.latest.digest]);
    if (this.replay?.name !== name) this.replay = { name, decisions: decidedAgain(manifest, this.parts) };
    return this.replay.decisions;
  }

  private async historyOf(of: LiveStores, declarationId: string, partition: number): Promise<ExplainedDeclaration['history'] | 'too-long'> {
    const records = await this.decided(of, await this.parts.inspector());
    if (!records || of.live.replay?.archive || (await records.size(partition)) > limits.historyLookedThrough) return 'too-long';
    return (await declarationHistory(declarationId, partition, this.kept(of), records)).entries;
  }

  private kept({ live: { replay } }: LiveStores): QueryContext & KeptCells { return { ...this.parts.figures.contextNow(), fineSinceMs: replay?.fineSinceMs }; }
}
