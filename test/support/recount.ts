/** What the raw log must have come to, worked out again with the generator's own arithmetic, from the records that lie in it. */
import { ExpectedFigures, type ExpectedInput } from '../../services/generate/expected';
import type { MadeEvent } from '../../services/generate/generate';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readProfile } from '../../services/shell/definition-files';
import type { SourceRecord } from '../../services/shell/ports';
import { rawTopic, type View } from '../../services/topology';
import { expectedCells, type Cells, type IndependentRow } from './redis-cells';

/** `refused`: generated to be refused; `undecodable`: not known to have been sent as a declaration. */
export interface Recount { readonly expected: Cells; readonly refused: number; readonly undecodable: number }

/** `sent`: what was sent, by the bytes of the record. Under the profile CD. */
export function recount(log: readonly SourceRecord[], sent: ReadonlyMap<string, MadeEvent>): Recount {
  const byDeclaration = new Map<string, ExpectedInput[]>();
  const raw = avroType(topicSchema(rawTopic));
  let [refused, undecodable] = [0, 0];
  for (const { value } of log) {
    const event = value === null ? undefined : sent.get(value.toString('latin1'));
    if (!event) { undecodable++; continue; }
    if (event.fault) refused++;
    const { declarationId } = raw.fromBuffer((value as Buffer).subarray(FRAME_BYTES)) as { declarationId: string };
    const inputs = byDeclaration.get(declarationId);
    if (inputs) inputs.push(event);
    else byDeclaration.set(declarationId, [event]);
  }
  const figures = new ExpectedFigures(readProfile('CD'));
  for (const inputs of byDeclaration.values()) figures.add(inputs);
  return { expected: expectedCells(independentRows(figures)), refused, undecodable };
}

/** Depends on the moment of arrival, or is worked out by other tests. */
export const notExpected = (key: string): boolean => key.startsWith('operations/') && key.endsWith(':refused') || (key.startsWith('quality/') && /:(delay\.\d+|refused|flagged|imputedValue)$/.test(key));

/** Cells of the store that a recount speaks of: by day and month. */
export const recounted = (cells: Cells): Cells => new Map([...cells].filter(([key]) => /^[a-z]+\/[^/]+\/(day|month)\//.test(key) && !notExpected(key)));

export function* independentRows(figures: ExpectedFigures): Generator<IndependentRow> {
  for (const text of figures.rows()) {
    const { view, grain, period, dims, measures } = JSON.parse(text) as { view?: View; grain: 'day' | 'month'; period: string; dims: Record<string, string>; measures: Record<string, string | number> };
    if (view === undefined) continue;
    const amounts = Object.entries(measures).map(([name, amount]) => [name, BigInt(String(amount).replace('.', ''))] as const);
    yield { view, grain, period, dimensions: dims, measures: Object.fromEntries(amounts.filter(([name]) => !notExpected(`${view}/:${name}`))) };
  }
}
