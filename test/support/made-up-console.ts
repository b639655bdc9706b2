/** A browser before the console's page with made-up data, for the tests of one file. */
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, type Watched } from './browser';
import { ConsoleServer } from './console-server';
import { sizes } from './console-views';

export class MadeUpConsole {
  readonly server = new ConsoleServer();
  base = '';
  private browser: Browser | undefined;

  async start(): Promise<void> {
    this.base = await this.server.start();
    this.browser = await openBrowser();
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.server.stop();
  }

  /** A page that is nowhere yet. */
  async open(): Promise<Watched> {
    if (!this.browser) throw new Error('start it first');
    return openPage(this.browser, { viewport: sizes.desk, acceptDownloads: true });
  }

  /** Signed in, at a place, in English. */
  async at(search: string, as = 'everything'): Promise<Watched> {
    const watched = await this.open();
    await watched.page.goto(`${this.base}/?lang=en&${search}#token=${as}`);
    await watched.page.waitForSelector('h1');
    return watched;
  }
}

/** Nothing went wrong in it. */
export async function done({ page, problems }: Watched): Promise<void> {
  expect(problems).toEqual([]);
  await page.context().close();
}

/** This comes to stand in the address. */
export const stands = (page: Page, name: string, value: string): Promise<void> => page.waitForURL(({ searchParams }) => searchParams.get(name) === value);

/** What stands in the address now. */
export const chosen = (page: Page, name: string): Promise<string | null> => Promise.resolve(new URL(page.url()).searchParams.get(name));
