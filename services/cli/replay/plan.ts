/** `replay plan`: what a replay would read, how long that takes, and which reference data would decide otherwise than now. */
import { limits } from '../../limits';
import { documentName } from '../../reference/documents';
import type { HistoryPart } from '../../replay/replay-manifest';
import { stagesBehind } from '../../replay/fused/source-stages';
import { readConfig } from '../../shell/config';
import { withNeighbours } from '../neighbours';
import { print, printJson, table } from '../output';
import { memoryPlan, memoryText, type MemoryPlan } from './memory-plan';
import { askedOf, type RequestOptions } from './replay-request';

export type PlanOptions = RequestOptions & { readonly workers: number; readonly json?: true };

export async function planReplay(options: PlanOptions): Promise<void> {
  const config = readConfig();
  await withNeighbours(config, async (neighbours) => {
    const asked = await askedOf(options, config, neighbours);
    const { history } = asked;
    const records = history.reduce((sum, { start, end }) => sum + end - start, 0);
    const memory = await memoryPlan(records, neighbours);
    const plan = {
      source: asked.source, decidedAnew: stagesBehind(asked.source).map(({ name }) => name), parts: history, records,
      expectedMinutes: Math.ceil(records / (limits.replayRecordsPerSecond * options.workers) / 60), memory,
      ownDocuments: asked.own.map(documentName), referenceSet: asked.reference.digest,
      ...(asked.fineSinceMs === undefined ? {} : { fineSince: new Date(asked.fineSinceMs).toISOString() }),
    };
    if (options.json) printJson(plan);
    else show(plan, options.workers);
  });
}

interface Plan { readonly source: string; readonly decidedAnew: readonly string[]; readonly parts: readonly HistoryPart[]; readonly records: number; readonly expectedMinutes: number; readonly memory: MemoryPlan; readonly ownDocuments: readonly string[]; readonly referenceSet: string; readonly fineSince?: string }

function show({ source, decidedAnew, parts, records, expectedMinutes, memory, ownDocuments, referenceSet, fineSince }: Plan, workers: number): void {
  print(table(['topic', 'partition', 'from', 'to', 'records'], parts.map(({ topic, partition, start, end }) => [topic, partition, start, end, end - start]), [1, 2, 3, 4]));
  print(`\n${records} records from ${source}; decided anew by ${decidedAnew.length === 0 ? 'no stage: counted as they were decided' : decidedAnew.join(', ')}.`);
  print(`About ${expectedMinutes} min with ${workers} ${workers === 1 ? 'worker' : 'workers'}, and ${memory.leastMegabytes} to ${memory.mostMegabytes} MB more in Redis${memory.leftMegabytes === null ? '' : `, which has ${memory.leftMegabytes} MB left for replays`}.`);
  const advice = memoryText(memory);
  if (advice !== '') print(advice);
  print(ownDocuments.length === 0 ? `Decided by the reference data in force now (${referenceSet}), for all of history.` : `Decided by the reference data in force now and ${ownDocuments.join(', ')} (${referenceSet}).`);
  if (fineSince !== undefined) print(`Figures by minute and hour are kept from ${fineSince} on; questions that need earlier ones will be refused.`);
  if (parts.some(({ start }) => start > 0)) print('It does not begin at 0: the figures will lack what came before. A replay that is to begin there has to say so (--since); an archive may have the rest (--archive).');
}
