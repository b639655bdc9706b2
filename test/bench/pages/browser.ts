/** Two tabs of a real Chromium, and when what they show has changed: read in the document, after each of its changes. */
import { DateTime } from 'luxon';
import type { Browser } from 'playwright-core';
import { SESSION_COOKIE } from '../../../services/console/access/guard';
import { openBrowser } from '../../support/browser';
import { MARK, type Scale } from './kinds';

export interface Tab { readonly name: string; readonly scale: Scale; readonly search: string; /** An expression of the document; its value is the text that `place` understands. */ readonly text: string; readonly place: (text: string) => number }

/** The count of lines stands beside the last column, the share. Moments are shown to the second; no two marks have one in common. */
export const tabsOf = (day: string, timeZone: string): readonly Tab[] => [
  {
    name: 'Chromium, now', scale: 'newest', search: '?view=now&lang=en', text: "document.querySelector('.now .tiles:last-child .tile:last-child p.quiet')?.textContent",
    place: (text) => DateTime.fromFormat(text, 'dd LLL yyyy, HH:mm:ss', { zone: timeZone, locale: 'en-GB' }).toMillis() + 999,
  },
  {
    name: 'Chromium, revenue', scale: 'marks', search: `?view=revenue&lang=en&period=day:${day}&by=office`,
    text: `[...document.querySelectorAll('table.figures tbody tr')].map(({ children }) => [...children].map(({ textContent }) => textContent)).find(([office]) => office.startsWith('${MARK.office}'))?.at(-2)`,
    place: (text) => Number(text.replace(/\D/g, '')),
  },
];

const watcher = (text: string): string => `
  let before;
  new MutationObserver(() => {
    const shown = ${text};
    if (shown === undefined || shown === null || shown === before) return;
    before = shown;
    marksShown(shown, Date.now());
  }).observe(document, { subtree: true, childList: true, characterData: true });`;

export class OpenTabs {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<OpenTabs> { return new OpenTabs(await openBrowser()); }

  async open(base: string, tabs: readonly Tab[], cookies: readonly string[], onPlace: (tab: number, place: number, atMs: number) => void): Promise<void> {
    for (const [number, tab] of tabs.entries()) {
      const context = await this.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
      await context.addCookies([{ name: SESSION_COOKIE, value: cookies[number] as string, url: base }]);
      const page = await context.newPage();
      await page.exposeFunction('marksShown', (text: string, atMs: number) => { onPlace(number, tab.place(text), atMs); });
      await page.addInitScript({ content: watcher(tab.text) });
      await page.goto(`${base}/${tab.search}`);
      await page.waitForSelector('.figure, table.figures');
    }
  }

  async shut(): Promise<void> { await Promise.all(this.browser.contexts().map((context) => context.close())); }
  async stop(): Promise<void> { await this.browser.close(); }
}
