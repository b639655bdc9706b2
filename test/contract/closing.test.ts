/** Signing a month off, from the copy to what subscribers and readers see: on the in-memory broker and store. */
import { closeMonth, type ClosingOutcome } from '../../services/closing/close-month';
import { ClosedRecords } from '../../services/closing/closed-records';
import type { Seal } from '../../services/closing/closed-period';
import { answerQuery } from '../../services/query/answer-query';
import { cubesWithout, readSeals } from '../../services/query/closed-figures';
import { changedSince } from '../../services/query/months';
import { readCubes, readProfile } from '../../services/shell/definition-files';
import { Calendar } from '../../services/domain/period';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { checkClosed, isIntact } from '../../services/verify/closed-check';
import { PublishingWorld, revenueCell, revenueHash } from '../support/publishing-world';
import { APRIL, signOff } from '../support/signed-off-month';
import { until } from '../support/until';

const profile = readProfile('CD');
const calendar = new Calendar(profile.timeZone);
const cubes = readCubes();
jest.setTimeout(30_000);

describe('a month', () => {
  let world: PublishingWorld;
  beforeEach(async () => { world = new PublishingWorld(); await world.open(); });
  afterEach(() => world.close());

  const records = (): Promise<ClosedRecords> => ClosedRecords.create(world.registry);
  const close = (month?: string): Promise<ClosingOutcome> => signOff(world, month);
  const context = { cubes, calendar, currency: 'CDF', minorUnits: 2, graceMs: 0, definitionsAt: () => '', nowMs: APRIL };
  async function asked(adjustments = false): Promise<unknown> {
    const answer = await answerQuery({ view: 'revenue', by: ['office'], where: {}, period: { kind: 'month', value: '2026-03' }, adjustments }, context, world.store.reader(), world.store.closed());
    return 'rows' in answer ? { status: answer.status, assessed: answer.rows.map(({ assessed }) => assessed), adjusted: answer.adjusted } : answer;
  }
  const intact = async (): Promise<boolean[]> => (await checkClosed(await records(), await new MemoryLog(world.broker).inspector(), world.store.closed())).map(isIntact);

  test('is signed off once, when it is final', async () => {
    await world.add(100);
    expect(await close()).toEqual({ notFinal: 'provisional' });
    await world.timePasses(APRIL);
    const outcome = await close();
    expect(outcome).toMatchObject({ seal: { period: '2026-03', closedBy: 'N. Mbala', hashes: 5, fields: 5, streamTimeMs: APRIL, sourceOffsets: { 'customs.declarations.enriched.v1/0': 2 } } });
    expect(await close()).toMatchObject({ alreadyClosed: { closedBy: 'N. Mbala' } });
    expect(await close('2026-02')).toEqual({ empty: true });
    expect(await intact()).toEqual([true]);
    expect([...world.store.figures.data.hashes.keys()].filter((key) => key.includes('closing/'))).toEqual([]);
  });

  test('figures that contradict each other are not signed off', async () => {
    await world.add(100);
    await world.timePasses(APRIL);
    world.store.figures.increment(`{tw:live:0}:cell/${revenueHash}`, `${revenueCell}:assessed`, '1');
    expect(await close()).toMatchObject({ disagreements: expect.arrayContaining([expect.objectContaining({ cell: 'office,taxType,chapter=KIN01|CUD|87', measure: 'assessed', leftSum: '101', rightSum: '100' })]) as unknown });
    expect(await intact()).toEqual([]);
  });

  test('what comes later is an adjustment beside it: for readers, and on the topic', async () => {
    await world.add(100);
    await world.timePasses(APRIL);
    await world.publish();
    await world.told(100);
    await close();
    await until('the closing is told', () => world.last()?.status === 'CLOSED');
    await world.add(-30);
    await until('the adjustment is told', () => world.last()?.adjusted === -30);
    expect(world.last()).toMatchObject({ assessed: 100, status: 'CLOSED' });
    expect(await asked()).toEqual({ status: 'closed', assessed: ['1.00'], adjusted: true });
    expect(await asked(true)).toEqual({ status: 'final', assessed: ['-0.30'], adjusted: true });
    await world.add(30);
    await until('it is taken back', () => world.last()?.adjusted === 0);
    expect(await asked()).toEqual({ status: 'closed', assessed: ['1.00'], adjusted: false });
  });

  test('a store that was emptied has closed months again before anything is told; another publisher tells nothing anew', async () => {
    const empty = world.store.snapshot();
    await world.add(100);
    await world.timePasses(APRIL);
    await world.publish();
    await world.told(100);
    await close();
    await world.add(7);
    await until('the adjustment is told', () => world.last()?.adjusted === 7);
    const told = world.records().length;
    world.store.restore(empty);
    await until('it is there again', async () => (await intact())[0] === true);
    expect(await asked()).toMatchObject({ status: 'closed', assessed: ['1.00'] });
    await world.stop();
    await world.countedAgain(107);
    await world.publish();
    await world.add(1);
    await until('the next adjustment is told', () => world.last()?.adjusted === 8);
    expect(world.records()).toHaveLength(told + 1);
  });

  test('a cell that no figure stands behind any more keeps what was signed off', async () => {
    const empty = world.store.snapshot();
    await world.add(100);
    await world.timePasses(APRIL);
    await world.publish();
    await close();
    await until('the closing is told', () => world.last()?.status === 'CLOSED');
    await world.stop();
    await world.countedOtherwise(empty);
    await world.publish();
    await until('all of it is taken back, beside it', () => world.last()?.adjusted === -100);
    expect(world.last()).toMatchObject({ assessed: 100, status: 'CLOSED' });
  });

  test('a copy in the store that somebody changed is named', async () => {
    await world.add(100);
    await world.timePasses(APRIL);
    await close();
    world.store.figures.increment(`{tw:closed}:2026-03/${revenueHash}`, `${revenueCell}:assessed`, '5');
    const [check] = await checkClosed(await records(), await new MemoryLog(world.broker).inspector(), world.store.closed());
    expect(check).toMatchObject({ period: '2026-03', differences: [{ hash: revenueHash, field: `${revenueCell}:assessed`, inStore: '105', onTopic: '100' }] });
    expect(check?.digestOnTopic).toBe(check?.digest);
    expect(check?.digestInStore).not.toBe(check?.digest);
  });

  test('a month that was closed when the cubes had fewer combinations is answered from those that were signed off', async () => {
    const older = cubesWithout(cubes, new Set(['revenue/office-taxType/day']));
    await world.add(100);
    await world.timePasses(APRIL);
    expect(await signOff(world, '2026-03', older)).toMatchObject({ seal: { fields: 4 } });
    await world.add(-30);
    const day = async (value: string, adjustments = false): Promise<unknown> => {
      const answer = await answerQuery({ view: 'revenue', by: ['office'], where: {}, period: { kind: 'day', value }, adjustments }, context, world.store.reader(), world.store.closed());
      return 'rows' in answer ? { status: answer.status, assessed: answer.rows.map(({ assessed }) => assessed), adjusted: answer.adjusted } : answer;
    };
    expect(await day('2026-03-15')).toEqual({ status: 'closed', assessed: ['1.00'], adjusted: true });
    expect(await day('2026-03-15', true)).toEqual({ status: expect.any(String) as string, assessed: ['-0.30'], adjusted: true });
    expect(await day('2026-03-16')).toEqual({ status: 'closed', assessed: [], adjusted: false });
    const seal = (await readSeals(world.store.closed())).byMonth.get('2026-03') as Seal;
    await world.add(30);
    expect(await changedSince(seal, context, { view: 'revenue', grains: ['day', 'month'], maxFields: 1_000 }, world.store.reader(), world.store.closed())).toBe(false);
  });

  test('a closing that died before its seal has closed nothing, and the next one stands', async () => {
    await world.add(100);
    await world.timePasses(APRIL);
    const log = new MemoryLog(world.broker);
    const [sink, inspector] = [await log.sink(), await log.inspector()];
    let sends = 0;
    const dying = { ...sink, send: async (outgoing: Parameters<typeof sink.send>[0]) => { if (outgoing.length > 0 && ++sends > 2) throw new Error('killed'); return sink.send(outgoing); } };
    await expect(closeMonth({ month: '2026-03', closedBy: 'A', nowMs: APRIL, cubes, calendar, graceMs: 0 }, { reader: world.store.reader(), closed: world.store.closed(), records: await records(), inspector, sink: dying, onProgress: () => undefined })).rejects.toThrow('killed');
    expect(await asked()).toMatchObject({ status: 'final' });
    expect(await close()).toMatchObject({ seal: { closedBy: 'N. Mbala', fields: 5 } });
    expect(await intact()).toEqual([true]);
  });
});
