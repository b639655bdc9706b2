/** March 2026 with one cell of revenue in the store of a console's world, in every combination and grain that keeps it. */
import { DEFINITIONS_HASH, definitionsField } from '../../services/domain/definitions-applied';
import { formatPosition } from '../../services/domain/position';
import { manifestOf, readCubes, readProfile } from '../../services/shell/definition-files';
import { readConfig } from '../../services/shell/config';
import type { TopicPartition } from '../../services/shell/ports';
import { aggregateInputs, countedTopic } from '../../services/topology';
import { PARTITIONS, type ConsoleWorld } from './console-world';
import { incrementsOf } from './increments';

type Increments = Parameters<typeof incrementsOf>[0];
const target: TopicPartition = { topic: countedTopic, partition: 0 };

/** `cell`: office, tax and chapter, as KIN01|CUD|87. */
function revenue(cell: string, amount: number): Increments {
  const [office, taxType] = cell.split('|');
  return [
    ['revenue/office-taxType-chapter/month/2026-03', [[`${cell}:assessed`, amount]]],
    ['revenue/office-taxType-chapter/day/2026-03-15', [[`${cell}:assessed`, amount]]],
    ['revenue/office-taxType/day/2026-03-15', [[`${office}|${taxType}:assessed`, amount]]],
    ['revenue/taxType-origin/month/2026-03', [[`${taxType}|JP:assessed`, amount]]],
    ['revenue/taxType-procedure/month/2026-03', [[`${taxType}|4000:assessed`, amount]]],
  ];
}

export class CountedMonth {
  private next = 0;
  private text = '';

  private constructor(private readonly world: ConsoleWorld, private readonly streamTimeMs: number) {}

  /** All partitions have come to `streamTime`: months that ended before it are final. */
  static async open(world: ConsoleWorld, streamTime: string): Promise<CountedMonth> {
    const manifest = manifestOf(readConfig({ TIDEWAITER_HOME: world.home, TIDEWAITER_PARTITIONS: String(PARTITIONS) }), readProfile('CD'), readCubes());
    const month = new CountedMonth(world, Date.parse(streamTime));
    const ledger = world.store.ledger();
    for (const topic of aggregateInputs) {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        await ledger.claim({ topic, partition }, 'me', manifest);
        await ledger.apply({ topic, partition }, 'me', '', month.position(0), { increments: incrementsOf([]), entries: new Map(), index: new Map(), changed: '' });
      }
    }
    month.text = month.position(0);
    return month;
  }

  add(cell: string, amount: number): Promise<void> { return this.count([...revenue(cell, amount), [DEFINITIONS_HASH, [[definitionsField('2026-03', 'imts2010@1.0.0'), 1]]]]); }

  /** In one combination alone: a figure that contradicts the others. */
  addWrong(cell: string, amount: number): Promise<void> { return this.count(revenue(cell, amount).slice(0, 1)); }

  private position(next: number): string { return formatPosition({ next, marks: {}, streamTimeMs: this.streamTimeMs, target: 0, last: '' }); }

  /** Anything else, by hash and field. */
  async count(increments: Increments): Promise<void> {
    const text = this.position(++this.next);
    const answer = await this.world.store.ledger().apply(target, 'me', this.text, text, { increments: incrementsOf(increments), entries: new Map(), index: new Map(), changed: '' });
    if (answer !== 'applied') throw new Error(`not applied: ${JSON.stringify(answer)}`);
    this.text = text;
  }
}
