/** A real Chromium of the machine, pages that report what went wrong in them, and the accessibility rules of axe. */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const pictures = resolve(__dirname, '../../.tidewaiter/screenshots');

export const withBrowser = executable !== undefined;

export async function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error('no Chromium on this machine: apt-get install -y chromium');
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

export interface Watched { readonly page: Page; /** Errors and refusals of the content policy. */ readonly problems: string[] }

export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !/401|422|ERR_|Failed to load resource/.test(message.text())) problems.push(message.text()); });
  return { page, problems };
}

/** Rules of WCAG 2.2 A and AA that are broken, in one line each. */
export async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<axe.AxeResults>("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })");
  return results.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary.replaceAll('\n', ' ')})`).join(' | ')}`);
}

/** Of what is in the window: for more of it the browser shrinks the page to nothing for a moment, and drawings with it. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}
