/** The console's page in a real browser: every view, both languages, three sizes, light and dark. */
import type { Browser } from 'playwright-core';
import { brokenRules, openBrowser, openPage, picture, type Watched } from '../support/browser';
import { ConsoleServer } from '../support/console-server';

const sizes = { desk: { width: 1280, height: 800 }, wall: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } } as const;
const views = ['now', 'revenue', 'statistics', 'precursors', 'stream', 'refusals'] as const;
const headings = {
  en: { now: 'Now', revenue: 'Revenue', statistics: 'Statistics', precursors: 'Precursors', stream: 'Stream', refusals: 'Refusals' },
  fr: { now: 'En direct', revenue: 'Recettes', statistics: 'Statistiques', precursors: 'Précurseurs', stream: 'Flux', refusals: 'Refus' },
} as const;
/** What has to be there before a view counts as drawn. */
const drawnBy = { now: '.tiles .figure', revenue: '.figures tbody tr', statistics: '.figures tbody tr', precursors: '.queue tbody tr', stream: '.tail-rows tbody th', refusals: '.queue tbody tr' } as const;

/** Another base and token point the same walk at a running console. */
const runningBase = process.env['TIDEWAITER_CONSOLE_URL'];
const token = process.env['TIDEWAITER_CONSOLE_TOKEN'] ?? 'everything';

let browser: Browser;
let server: ConsoleServer;
let base: string;

beforeAll(async () => {
  server = new ConsoleServer();
  base = runningBase ?? (await server.start());
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (runningBase === undefined) await server.stop();
});

async function signedIn(options: Parameters<typeof openPage>[1], search = '', as = token): Promise<Watched> {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${base}/${search}#token=${as}`);
  await watched.page.waitForSelector('header nav a');
  return watched;
}

describe.each(['en', 'fr'] as const)('in %s', (language) => {
  it.each(['light', 'dark'] as const)('draws every view without a fault, %s', async (colorScheme) => {
    const { page, problems } = await signedIn({ viewport: sizes.desk, colorScheme }, `?lang=${language}`);
    const broken: string[] = [];
    for (const view of views) {
      await page.click(`header nav a[href*="view=${view}"]`);
      await page.waitForSelector(drawnBy[view]);
      expect(await page.textContent('h1')).toBe(headings[language][view]);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(page.url()).toContain(`view=${view}`);
      await picture(page, `${view}-desk-${language}-${colorScheme}`);
      broken.push(...(await brokenRules(page)).map((rule) => `${view}: ${rule}`));
    }
    expect(broken).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  }, 120_000);
});

it.each(['phone', 'wall'] as const)('fits a %s', async (size) => {
  const { page, problems } = await signedIn({ viewport: sizes[size], colorScheme: size === 'wall' ? 'dark' : 'light' }, '?lang=fr');
  for (const view of views) {
    await page.click(`header nav a[href*="view=${view}"]`);
    await page.waitForSelector(drawnBy[view]);
    await picture(page, `${view}-${size}`);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect([view, width]).toEqual([view, sizes[size].width]);
  }
  expect(problems).toEqual([]);
  await page.context().close();
}, 120_000);
