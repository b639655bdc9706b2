import { permissionsOf, type StreamEventName } from '../access/permissions';
import { Pages, visibleTo, type Page } from './pages';

class Heard implements Page {
  readonly events: string[] = [];
  closed = false;
  room = Infinity;
  alive = true;
  readonly permissions = permissionsOf(['viewer']);
  constructor(...wants: StreamEventName[]) { this.wants = new Set(wants); }
  readonly wants: ReadonlySet<StreamEventName>;
  send({ event, id }: { event: string; id?: string }): boolean { this.events.push(id === undefined ? event : `${event} ${id}`); return this.events.length <= this.room; }
  close(): void { this.closed = true; }
  lasts(): boolean { return this.alive; }
}

test('who comes new is told the newest state, and no past', () => {
  const pages = new Pages(1);
  pages.publish('now', {});
  pages.publish('declaration', {});
  pages.publish('now', {});
  const page = new Heard('now', 'declaration');
  pages.join(page, undefined);
  expect(page.events).toEqual(['now 3']);
});

test('a page without room is dropped and closed, once', () => {
  const pages = new Pages(1);
  const [slow, quick] = [new Heard('now'), new Heard('now')];
  slow.room = 1;
  for (const page of [slow, quick]) pages.join(page, undefined);
  for (let count = 0; count < 3; count++) pages.publish('now', {});
  expect([slow.events.length, slow.closed, pages.size]).toEqual([2, true, 1]);
  expect(quick.events).toEqual(['now 1', 'now 2', 'now 3']);
});

test('a page whose session has ended is told nothing more', () => {
  const pages = new Pages(1);
  const page = new Heard('now');
  pages.join(page, undefined);
  page.alive = false;
  pages.publish('now', {});
  expect([page.events, page.closed]).toEqual([[], true]);
});

test('alerts are counted for those alone who may see precursors', () => {
  const now = { alerts: { lastHour: 3 }, refusals: 1 };
  expect(visibleTo(permissionsOf(['viewer']), 'now', now)).toEqual({ alerts: null, refusals: 1 });
  expect(visibleTo(permissionsOf(['viewer', 'enforcement']), 'now', now)).toEqual(now);
});
