/** The console's page in a real browser: every view, both languages, three sizes, light and dark. */
import type { Browser } from 'playwright-core';
import { brokenRules, openBrowser, openPage, picture, type Watched } from '../support/browser';
import { ConsoleServer } from '../support/console-server';
import { drawnBy, headings, sizes, views } from '../support/console-views';
import { becomes } from '../support/waiting-checks';

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
}, 60_000);

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
      await page.waitForURL(({ searchParams }) => searchParams.get('view') === view);
      await page.getByRole('heading', { level: 1, name: headings[language][view], exact: true }).waitFor();
      await page.waitForSelector(drawnBy[view]);
      await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
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
    await page.getByRole('heading', { level: 1, name: headings.fr[view], exact: true }).waitFor();
    await page.waitForSelector(drawnBy[view]);
    await becomes(() => page.evaluate<number>('document.documentElement.scrollWidth'), (width) => width === sizes[size].width);
    await picture(page, `${view}-${size}`);
  }
  expect(problems).toEqual([]);
  await page.context().close();
}, 120_000);
