import { permissionsOf, type StreamEventName } from '../access/permissions';
import { Pages, visibleTo, type Page } from './pages';

class Heard implements Page {
  readonly events: string[] = [];
  closed = false;
  room = Infinity;
  alive = true;
  permissions = permissionsOf(['viewer']);
  constructor(...wants: StreamEventName[]) { this.wants = new Set(wants); }
  readonly wants: ReadonlySet<StreamEventName>;
  readonly texts: string[] = [];
  send(message: string): boolean {
    const [, id, event = message] = /^id: (.*)\nevent: (.*)\n/.exec(message) ?? [];
    this.texts.push(message);
    this.events.push(`${event} ${id}`);
    return this.events.length <= this.room;
  }
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

test('an event is written once for all who may see the same of it, and nobody is told what was written for another role', () => {
  const pages = new Pages(1);
  const all = [new Heard('now'), new Heard('now'), new Heard('now'), new Heard('now')];
  for (const [number, page] of all.entries()) {
    if (number % 2 === 1) page.permissions = permissionsOf(['viewer', 'enforcement']);
    pages.join(page, undefined);
  }
  let written = 0;
  pages.publish('now', { refusals: 1, alerts: { toJSON: () => { written++; return { lastHour: 3 }; } } });
  expect(all.map(({ texts }) => texts)).toEqual([0, 1, 2, 3].map((number) => [`id: 1\nevent: now\ndata: {"refusals":1,"alerts":${number % 2 === 1 ? '{"lastHour":3}' : 'null'}}\n\n`]));
  expect(written).toBe(1);
});
