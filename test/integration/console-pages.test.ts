/**
 * Every page of the console in a real browser, in both languages, while declarations come in: what moves moves by itself,
 * what is shown is what the command line says, and what is done on a page stands in its topic and in the audit log.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { brokenRules, openBrowser, openPage, picture, withBrowser } from '../support/browser';
import { drawnBy, headings, languages, sizes, views, type Size, type WalkedLanguage } from '../support/console-views';
import { LiveConsole } from '../support/live-console';
import { onRealParts } from '../support/running-system';
import { becomes, moves, says } from '../support/waiting-checks';

const suite = onRealParts && withBrowser ? describe : describe.skip;
/** What somebody waits for a page before pressing it again. */
const PATIENCE_MS = 10_000;
const OFFICER = 'A. Mbuyi';
jest.setTimeout(300_000);

type State = Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;

suite('pages of a running console', () => {
  const live = new LiveConsole(10);
  let browser: Browser;
  let signedIn: State;
  const opened: { readonly page: Page; readonly problems: string[] }[] = [];

  /** Errors of the page, and every answer that is none. */
  async function open(options: Parameters<typeof openPage>[1]): Promise<{ readonly page: Page; readonly problems: string[] }> {
    const watched = await openPage(browser, { viewport: sizes.desk, ...options });
    watched.page.on('response', (answer) => { if (answer.status() >= 400) watched.problems.push(`${answer.status()} ${answer.url()}`); });
    opened.push(watched);
    return watched;
  }
  const at = async (search: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> => {
    const { page } = await open({ storageState: signedIn, ...options });
    await page.goto(`${live.base}/?${search}`);
    return page;
  };

  beforeAll(async () => {
    await live.start();
    browser = await openBrowser();
    const { page } = await open({});
    await page.goto(live.address(OFFICER));
    await page.locator('header nav a').first().waitFor();
    signedIn = await page.context().storageState();
  });
  afterEach(async () => {
    const seen = opened.splice(0);
    for (const { page } of seen) await page.context().close();
    expect(seen.flatMap(({ problems }) => problems)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await live.stop();
  });

  test('the address that is printed shows live figures before anybody grows impatient, and works once', async () => {
    const address = live.address('demo', '--once');
    const { page } = await open({});
    const beganMs = Date.now();
    await page.goto(address);
    await page.locator('.tiles .figure').first().waitFor({ timeout: PATIENCE_MS });
    await page.locator('.freshness.good', { hasText: 'Live' }).waitFor({ timeout: PATIENCE_MS });
    expect(Date.now() - beganMs).toBeLessThan(PATIENCE_MS);
    const again = await open({});
    await again.page.goto(address);
    await again.page.getByText('This token is not valid').waitFor();
    expect(again.problems.splice(0)).toEqual([expect.stringMatching(/^401 .*\/session$/)]);
  });

  test('Now moves by itself, also on a wall', async () => {
    const page = await at('lang=en&view=now');
    const tile = (name: string) => page.locator('.tile', { has: page.getByRole('heading', { name, exact: true }) }).locator('.figure');
    await page.evaluate("globalThis.neverReloaded = 'yes'");
    await Promise.all([moves(tile('Revenue, last hour')), moves(tile('Age of the newest event')), moves(tile('Revenue today'))]);
    await page.locator('.freshness.good').waitFor();
    await page.locator('.light.green').waitFor();
    await page.getByRole('button', { name: 'Wall screen' }).click();
    await page.setViewportSize(sizes.wall);
    await moves(tile('Revenue, last hour'));
    expect(await page.evaluate('globalThis.neverReloaded')).toBe('yes');
    await becomes(() => page.evaluate<number>('document.documentElement.scrollHeight'), (height) => height === sizes.wall.height);
    await picture(page, 'live-now-wall-screen');
  });

  test.each([['revenue', 'office,taxType'], ['statistics', 'flow,partner']])('%s of a closed month is what the command line says, while traffic goes on', async (view, by) => {
    const period = `month:${live.closed}`;
    const answer = live.query(view, period, by);
    expect(answer).toMatchObject({ status: 'closed' });
    expect(answer.rows.length).toBeGreaterThan(5);
    for (const language of languages) {
      const page = await at(`lang=${language}&view=${view}&period=${period}`);
      await says(page.locator('.figures tfoot td.number'), Object.values(answer.totals).map((cell) => shown(cell, language)));
      const [measure = ''] = Object.keys(answer.totals);
      await says(page.locator('.figures tbody td:nth-of-type(1)'), answer.rows.slice(0, 200).map((row) => shown((row as Record<string, unknown>)[measure], language)));
      await page.locator('.provenance', { hasText: 'N. Mbala' }).waitFor();
    }
    const { page } = opened[0] as (typeof opened)[number];
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toBe(live.system.done('query', view, '--period', period, '--by', by, '--csv'));
  });

  test('Precursors lists alerts, tells of new ones, and what is decided there stands in its topic', async () => {
    const page = await at('lang=fr&view=precursors');
    await page.locator('.queue tbody button').first().click();
    const panel = page.locator('.panel');
    await panel.locator('.evidence li').first().waitFor();
    await panel.locator('dd strong', { hasText: ' kg' }).waitFor();
    await picture(page, 'live-precursors-case');
    expect(await brokenRules(page)).toEqual([]);
    const alertId = new URL(page.url()).searchParams.get('alert') ?? '';
    await page.fill('#reason', 'Échantillon prélevé.');
    await page.getByRole('button', { name: 'Enregistrer la décision' }).click();
    await panel.locator('.history', { hasText: 'Échantillon prélevé.' }).waitFor();
    const decided = { alertId, state: 'HELD', reason: 'Échantillon prélevé.', decidedBy: OFFICER };
    expect(await live.decisions()).toEqual([expect.objectContaining(decided)]);
    await page.goto(`${live.base}/?lang=fr&view=precursors&state=held`);
    await page.locator('.queue tbody tr .badge.bad', { hasText: 'retenue' }).waitFor();
    await page.getByRole('button', { name: /^[1-9]\d* de plus/ }).click({ timeout: 120_000 });
  });

  test('Stream shows every service, the log growing and declarations passing by', async () => {
    const page = await at('lang=en&view=stream');
    await says(page.locator('section[aria-labelledby=services-title] tbody th'), ['ingest', 'standardize', 'enrich', 'aggregate', 'publish', 'console']);
    await becomes(() => page.locator('section[aria-labelledby=services-title] tbody .badge').allTextContents(), (states) => states.every((state) => state === 'running'));
    await moves(page.locator('.tail-rows tbody th').first());
    await moves(page.locator('section[aria-labelledby=topics-title] tbody tr', { hasText: 'customs.declarations.raw' }).locator('td').first());
    await moves(page.locator('.books strong').first());
  });

  describe.each(languages)('in %s', (language) => {
    const colorScheme = language === 'en' ? 'light' : 'dark';
    test.each(views)('%s is drawn without a fault at every size', async (view) => {
      const page = await at(`lang=${language}&view=${view}`, { colorScheme });
      await page.locator(drawnBy[view]).first().waitFor();
      await page.getByRole('heading', { level: 1, name: headings[language][view], exact: true }).waitFor();
      for (const size of Object.keys(sizes) as Size[]) {
        await page.setViewportSize(sizes[size]);
        await becomes(() => page.evaluate<number>('document.documentElement.scrollWidth'), (width) => width === sizes[size].width);
        /** A wall shows what a desk does. */
        if (size !== 'wall') expect([size, await brokenRules(page)]).toEqual([size, []]);
        await picture(page, `live-${view}-${size}-${language}`);
      }
    });
  });

  test('Refusals are listed with what was sent, previewed and sent again', async () => {
    const page = await at('lang=en&view=refusals');
    await page.locator('.codes button').first().click();
    const [code = ''] = await page.locator('.codes button[aria-pressed=true] code').allTextContents();
    const listed = async (): Promise<number> => Number(((await page.locator('.codes button', { hasText: code }).locator('strong').first().textContent()) ?? '').replaceAll(',', ''));
    const before = await listed();
    await page.locator('.queue tbody button').first().click();
    await page.locator('.panel .content').waitFor();
    await picture(page, 'live-refusals-content');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Preview' }).click();
    const preview = await page.locator('.redrive [role=status]', { hasText: 'would be sent again' }).innerText();
    const count = /^\d+/.exec(preview)?.[0] ?? '';
    await page.fill('#typed', count);
    await picture(page, 'live-refusals-redrive');
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.locator('.redrive', { hasText: `${count} sent again.` }).waitFor();
    await page.locator('.redrive').getByRole('button', { name: 'Close' }).click();
    /** What was wrong with them still is: they come back. */
    await becomes(async () => { await page.getByRole('button', { name: 'Reload' }).click(); return listed(); }, (now) => now >= before + Number(count));
  });

  test('Periods shows the closed month, and signs another one off', async () => {
    const seal = JSON.parse(live.system.done('close', 'list', '--json').trim()) as { digest: string };
    const page = await at('lang=en&view=periods');
    const month = (name: string) => page.locator('.queue tbody tr', { has: page.getByRole('button', { name, exact: true }) });
    await month(live.closed).filter({ hasText: 'N. Mbala' }).filter({ hasText: seal.digest.slice(0, 12) }).waitFor();
    await month(live.current).filter({ hasText: 'provisional' }).waitFor();
    await month(live.signable).filter({ hasText: 'can be signed off' }).getByRole('button').click();
    await page.getByRole('button', { name: /^Sign off .* …$/ }).click();
    await page.getByRole('checkbox', { name: /^I have looked/ }).check();
    await picture(page, 'live-periods-confirm');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: /for good$/ }).click();
    await page.locator('.panel dd', { hasText: OFFICER }).waitFor({ timeout: 120_000 });
    await month(live.signable).filter({ hasText: OFFICER }).waitFor();
    await picture(page, 'live-periods-closed');
    expect(live.query('revenue', `month:${live.signable}`, 'office')).toMatchObject({ status: 'closed', closed: [{ closedBy: OFFICER }] });
  });

  test('a service that hangs is seen, and seen to be well again', async () => {
    const wall = await at('lang=en&view=now');
    const stream = await at('lang=en&view=stream');
    const row = stream.locator('section[aria-labelledby=services-title] tbody tr', { has: stream.getByRole('rowheader', { name: 'aggregate' }) });
    await row.locator('.badge', { hasText: 'running' }).waitFor();
    const pid = live.system.pidOf('aggregate');
    process.kill(pid, 'SIGSTOP');
    try {
      await row.locator('.badge.bad', { hasText: 'silent' }).waitFor();
      await wall.locator('.light.red', { hasText: 'aggregate runs and says nothing.' }).waitFor();
      await picture(wall, 'live-now-red');
      await picture(stream, 'live-stream-behind');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await row.locator('.badge.good', { hasText: 'running' }).waitFor();
    await wall.locator('.light.green').waitFor();
  });

  test('the audit log has every act that was done here, and the sign-in that was refused', async () => {
    const page = await at('lang=en&view=audit');
    const row = (act: string, outcome: string) => page.locator('.audit tbody tr', { hasText: act }).filter({ hasText: outcome });
    for (const act of ['sign-in', 'download of figures', 'decision on an alert', 'refusals sent again', 'sign-off of a month']) await row(act, 'done').filter({ hasText: OFFICER }).first().waitFor();
    await row('sign-in', 'refused').filter({ hasText: 'demo' }).waitFor();
    await row('sign-off of a month', live.signable).waitFor();
  });

  test('when everything is counted, pages and command line say the same, in both languages', async () => {
    await live.quiet();
    await becomes(async () => live.system.status(), ({ drained, books }) => drained && books.balanced);
    for (const language of languages) {
      for (const [view, by] of [['revenue', 'office,taxType'], ['statistics', 'flow,partner']] as const) {
        const page = await at(`lang=${language}&view=${view}`);
        const { totals } = live.query(view, `month:${live.current}`, by);
        await says(page.locator('.figures tfoot td.number'), Object.values(totals).map((cell) => shown(cell, language)));
      }
    }
    const page = await at('lang=en&view=stream');
    await page.locator('.books .badge.good', { hasText: 'balanced' }).waitFor();
    await page.getByText('Everything sent has been counted and published.').waitFor();
  });
});

const locales = { en: 'en-GB', fr: 'fr-FR' } as const;

/** As Intl writes exact decimals, with a true minus sign. */
function shown(cell: unknown, language: WalkedLanguage): string {
  if (cell === null) return '–';
  if (typeof cell !== 'string' && typeof cell !== 'number') return Object.entries(cell as Record<string, string>).map(([unit, value]) => `${shown(value, language)} ${unit}`).join(' · ') || '–';
  const digits = /\.(\d+)$/.exec(String(cell))?.[1]?.length ?? 0;
  return new Intl.NumberFormat(locales[language], { minimumFractionDigits: digits }).format(cell as number).replace('-', '−');
}
