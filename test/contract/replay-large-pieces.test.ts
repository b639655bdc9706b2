/** Pieces of a backlog: what is counted in them is what the live services counted, and where figures may go live they are small. */
import { limits } from '../../services/limits';
import type { Neighbours } from '../../services/shell/connect';
import type { FigureChange } from '../../services/shell/figure-store';
import { ReplayWorld } from '../support/replay-world';
import { pause } from '../support/until';

jest.setTimeout(120_000);

test('far from the end of the log in large pieces, of many readings of the ledger; near to it in small ones, and so is the piece that comes there', async () => {
  const world = await ReplayWorld.start('large', 8_000);
  const manifest = await world.manifest('large', 'customs.declarations.accepted.v1');
  const { neighbours } = world.system;
  const changes: FigureChange[] = [];
  const watched: Neighbours = { ...neighbours, ledger: (place) => {
    const ledger = neighbours.ledger(place);
    return new Proxy(ledger, { get: (store, name) => {
      const own = Reflect.get(store, name) as unknown;
      if (typeof own !== 'function') return own;
      return async (...args: unknown[]): Promise<unknown> => {
        if (name === 'apply') changes.push(args[4] as FigureChange);
        /** Slow enough for the queue to fill. */
        if (name === 'readLedger') await pause(100);
        return (own as (...all: unknown[]) => unknown).apply(store, args);
      };
    } });
  } };
  await world.replayed(manifest, 1, { endsBefore: 150, declarations: 2_000, increments: 100_000 }, watched);
  expect(world.figures('large')).toEqual(world.figures('live'));
  expect(await world.ledger(manifest)).toEqual(await world.ledger({ name: 'live', inputs: [] }));
  const [large, small] = [changes.filter(({ inSteps }) => inSteps), changes.filter(({ inSteps }) => !inSteps)];
  expect(large.filter(({ entries, changed }) => entries.size > limits.declarationsPerScript && changed === '').length).toBeGreaterThan(0);
  expect(small.filter(({ entries }) => entries.size > limits.declarationsPerScript)).toEqual([]);
  expect(small.filter(({ changed }) => changed !== '').length).toBeGreaterThan(3);
  await world.stop();
});
