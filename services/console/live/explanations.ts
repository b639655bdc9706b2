/**
 * Figures explained for the console, as `tidewaiter explain` explains them: a few at a time, of no more declarations than
 * a process may look through that answers others, and without what the log says where it does not answer in time.
 */
import type { Logger } from 'pino';
import type { DecidedRecords } from '../../explain/decided-records';
import { enrichedRecords } from '../../explain/enriched-records';
import { explainFigure, type ExplainRequest } from '../../explain/explain-figure';
import { declarationHistory, explainedDeclaration, type ExplainedDeclaration } from '../../explain/explain-declaration';
import { explanationOf, type Explanation, type LogChoice } from '../../explain/explanation';
import { limits } from '../../limits';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import type { Profile } from '../../reference/types';
import { decidedAgain } from '../../replay/decided-again';
import { avroType } from '../../shell/avro/codec';
import { ledgerSchema } from '../../shell/avro/schema-files';
import type { Config } from '../../shell/config';
import type { Neighbours } from '../../shell/connect';
import type { LedgerStore } from '../../shell/figure-store';
import { LedgerEntries } from '../../shell/ledger-entries';
import type { LiveStores, MeantFigures } from '../../shell/live-namespace';
import type { Log, LogInspector, SchemaSource } from '../../shell/ports';
import { within } from '../../shell/within';
import { countedTopic, rejectedTopic, type View } from '../../topology';
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
  private readonly kept = new KeptExplanations({ most: limits.explanationsKept, keepMs: limits.explanationKeptMs });
  private readonly entries = new LedgerEntries(avroType(ledgerSchema()));
  /** By namespace, with a connection of its own: what is read here is much, and nobody else waits behind it. */
  private readonly ledgers = new Map<string, LedgerStore>();

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
    const kept = this.kept.of(token);
    if (kept?.request.view !== view) throw new ApiError('conflict', 'this explanation is not kept any more: ask for it again, without "after"');
    return this.inTurn(() => this.page(kept, Number(from), limit));
  }

  /** Every cell that a declaration adds to. @throws ApiError when nothing is known of it. */
  async declaration(declarationId: string): Promise<TracedDeclaration> {
    return this.inTurn(() => this.parts.figures.fitting(async (stores) => {
      const { figures, log, config } = this.parts;
      const partition = log.partitionOf(declarationId, config.TIDEWAITER_PARTITIONS);
      const { entries: [entry] } = await this.ledgerOf(stores).readLedger({ topic: countedTopic, partition }, [declarationId]);
      const history = await within(limits.consoleExplainLogMs, this.historyOf(stores.live, declarationId, partition)).catch(() => 'away' as const);
      const told = typeof history === 'string' ? null : history;
      const declaration = explainedDeclaration(declarationId, entry ? this.entries.decode(entry) : undefined, told, figures.contextNow());
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
    return this.kept.keep(request, outcome, stores.live);
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
    } catch {
      return { explanation: await explanationOf(figure, choice, undefined), next, logRead: false };
    }
  }

  private async logChoice(of: MeantFigures): Promise<LogChoice> {
    const { registry, log, config } = this.parts;
    const inspector = await this.parts.inspector();
    return {
      decided: await this.decided(of, inspector),
      revisions: { inspector, schemas: registry, partitionOf: (key) => log.partitionOf(key, config.TIDEWAITER_PARTITIONS), lookedThrough: limits.consoleRevisionsLookedThrough },
    };
  }

  /** @throws where records of a replay cannot be decided any more as it decided them. */
  private async decided({ replay }: MeantFigures, inspector: LogInspector): Promise<DecidedRecords> {
    const { registry, catalogue, profile, logger } = this.parts;
    if (!replay || replay.source === countedTopic) return enrichedRecords({ inspector, schemas: registry });
    const records = await decidedAgain(replay, { catalogue, profile, inspector, registry, logger });
    if ('why' in records) throw new Error(records.why);
    return records;
  }

  private async historyOf(of: MeantFigures, declarationId: string, partition: number): Promise<ExplainedDeclaration['history'] | 'too-long'> {
    const inspector = await this.parts.inspector();
    const [counted, rejected] = await Promise.all([inspector.offsets(of.inputs[0] ?? countedTopic), inspector.offsets(rejectedTopic)]);
    const records = [...counted.filter((range) => range.partition === partition), ...rejected].reduce((sum, { start, end }) => sum + end - start, 0);
    if (records > limits.historyLookedThrough) return 'too-long';
    return (await declarationHistory(declarationId, partition, this.parts.figures.contextNow(), await this.decided(of, inspector))).entries;
  }
}
