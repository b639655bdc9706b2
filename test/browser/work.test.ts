/** What people do on the console's page, from signing in to sending refusals again. */
import type { Browser, Page } from 'playwright-core';
import { brokenRules, openBrowser, openPage, picture, type Watched } from '../support/browser';
import { ConsoleServer } from '../support/console-server';

const viewport = { width: 1280, height: 800 };
let browser: Browser;
let server: ConsoleServer;
let base: string;

beforeAll(async () => {
  server = new ConsoleServer();
  base = await server.start();
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server.stop();
});

async function at(search: string, as = 'everything'): Promise<Watched> {
  const watched = await openPage(browser, { viewport, acceptDownloads: true });
  await watched.page.goto(`${base}/?lang=en&${search}#token=${as}`);
  await watched.page.waitForSelector('h1');
  return watched;
}
const done = async ({ page, problems }: Watched): Promise<void> => {
  expect(problems).toEqual([]);
  await page.context().close();
};
const chosen = (page: Page, name: string): Promise<string | null> => Promise.resolve(new URL(page.url()).searchParams.get(name));

it('signs in with a token, refuses a wrong one, and signs out', async () => {
  const watched = await openPage(browser, { viewport });
  const { page } = watched;
  await page.goto(`${base}/?lang=en#token=used`);
  await page.waitForSelector('.problem');
  expect(new URL(page.url()).hash).toBe('');
  expect(await brokenRules(page)).toEqual([]);
  await picture(page, 'sign-in');
  expect(await page.getByRole('link', { name: 'Sign in with the account' }).getAttribute('href')).toBe('/api/v1/oidc/start');
  await page.getByRole('button', { name: /fran/i }).click();
  await page.getByRole('heading', { name: 'Tidewaiter' }).waitFor();
  expect(await page.textContent('label')).toBe('Jeton d’accès');
  await page.fill('#token', 'viewer');
  await page.keyboard.press('Enter');
  await page.waitForSelector('header nav a');
  expect(await page.locator('header nav a').allTextContents()).toEqual(['En direct', 'Recettes', 'Statistiques', 'Flux']);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.waitForSelector('#token');
  await done(watched);
}, 30_000);

it('says in words what is wrong, and fills a wall', async () => {
  server.troubled = true;
  const watched = await at('view=now&wall=true', 'viewer');
  const { page } = watched;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.waitForSelector('.light.red');
  expect(await page.textContent('.light')).toContain('Load the exchange rates of today');
  expect(await page.isVisible('header nav')).toBe(false);
  await page.locator('.freshness.good').waitFor();
  await picture(page, 'now-wall-screen-red');
  expect(await page.textContent('.now')).not.toContain('Precursor');
  server.troubled = false;
  await page.waitForSelector('.light.green');
  await page.locator('[aria-live=polite]', { hasText: 'All is well' }).waitFor({ state: 'attached', timeout: 12_000 });
  await done(watched);
}, 40_000);

it('asks only what is kept, and keeps every choice in the address', async () => {
  const watched = await at('view=revenue&period=month:2026-02');
  const { page } = watched;
  await page.waitForSelector('.figures tbody tr');
  expect(await page.getByRole('checkbox', { name: 'origin' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Line', exact: true }).click();
  await page.waitForSelector('.steps');
  await picture(page, 'revenue-line');
  await page.getByRole('button', { name: 'Treemap' }).click();
  await page.waitForSelector('.chart svg');
  await picture(page, 'revenue-treemap');
  await page.getByRole('button', { name: /^assessed CDF/ }).click();
  expect(await chosen(page, 'sort')).toBe('-assessed');
  await page.getByRole('button', { name: 'KIN01', exact: true }).first().click();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor();
  expect(await chosen(page, 'where')).toBe('office:KIN01');
  await page.reload();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor();
  expect(await chosen(page, 'chart')).toBe('treemap');
  await page.goBack();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor({ state: 'detached' });
  await done(watched);
}, 40_000);

it('shows seals and adjustments, downloads, and repeats why a question is refused', async () => {
  const watched = await at('view=revenue&period=month:2026-02');
  const { page } = watched;
  await page.waitForSelector('.figures tbody tr');
  expect(await page.textContent('.provenance')).toContain('signed off by M. Ilunga');
  expect(await page.textContent('.provenance')).toContain('customs.declarations.enriched.v1/0 120345');
  await page.getByRole('button', { name: 'Show adjustments' }).click();
  await page.getByText('Shown is only what has come since').waitFor();
  expect(await page.textContent('tfoot')).toContain('−');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('figures.csv');
  await page.goto(`${base}/?lang=en&view=revenue&where=office:NONE`);
  await page.locator('.problem pre', { hasText: 'Kept are' }).waitFor();
  await done(watched);
}, 30_000);

it('shows a case, and records a decision with its reason', async () => {
  const watched = await at('view=precursors');
  const { page } = watched;
  await page.locator('.queue tbody button').first().click();
  await page.waitForSelector('.panel .evidence li');
  await picture(page, 'precursors-case');
  expect(await brokenRules(page)).toEqual([]);
  const alert = await chosen(page, 'alert');
  const submit = page.getByRole('button', { name: 'Record the decision' });
  expect(await submit.isDisabled()).toBe(true);
  await page.fill('#reason', 'Sample taken.');
  await submit.click();
  await page.locator('.history', { hasText: 'Sample taken.' }).waitFor();
  expect(server.posted.at(-1)).toEqual({ path: `/api/v1/alerts/${alert}/decisions`, body: { state: 'held', reason: 'Sample taken.' } });
  server.alert();
  await page.getByRole('button', { name: '1 new: show' }).waitFor();
  await done(watched);
}, 30_000);

it('stops and filters the tail', async () => {
  const watched = await at('view=stream&filter=kin01');
  const { page } = watched;
  await page.waitForSelector('.tail-rows tbody th');
  const offices = await page.locator('.tail-rows tbody tr td:nth-child(4)').allTextContents();
  expect(new Set(offices)).toEqual(new Set(['KIN01']));
  await page.getByRole('button', { name: 'Pause' }).click();
  const before = await page.textContent('.tail-rows tbody');
  await page.getByText(/Paused: [1-9]/).waitFor();
  expect(await page.textContent('.tail-rows tbody')).toBe(before);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText(/[1-9]\d* not sent by the server/).waitFor();
  await done(watched);
}, 30_000);

it('comes back after a cut with the last event it saw, and says when it is stale', async () => {
  const watched = await at('view=now', 'viewer');
  const { page } = watched;
  await page.locator('.freshness.good').waitFor();
  server.cutStreams();
  await page.locator('.freshness.bad', { hasText: 'Connection lost' }).waitFor();
  await page.locator('.freshness.good').waitFor();
  expect(Number(server.lastEventIds.at(-1))).toBeGreaterThan(0);
  await done(watched);
}, 30_000);

it('previews before it sends again, and only for who types how many', async () => {
  const watched = await at('view=refusals');
  const { page } = watched;
  await page.locator('.codes button', { hasText: 'E-VAL-NO-RATE' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  const send = page.getByRole('button', { name: 'Send again' });
  expect(await send.isDisabled()).toBe(true);
  const [count = ''] = /\d+/.exec((await page.locator('.redrive [role=status]').textContent()) ?? '') ?? [];
  await page.fill('#typed', count);
  await picture(page, 'refusals-redrive');
  expect(await brokenRules(page)).toEqual([]);
  await send.click();
  await page.getByText(`${count} sent again.`).first().waitFor();
  expect(server.posted.at(-1)?.body).toEqual({ stage: 'standardize', code: 'E-VAL-NO-RATE', dryRun: false });
  await page.goto(`${base}/?lang=en&view=refusals&code=E-DECODE-FRAME&stage=ingest`);
  await page.locator('.queue tbody button').first().click();
  await page.getByText('no magic byte').waitFor();
  await picture(page, 'refusals-content');
  await done(watched);
}, 30_000);

it('can be worked by keyboard, in the colours that were chosen', async () => {
  const watched = await at('view=now');
  const { page } = watched;
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toBe('skip');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  await page.getByRole('button', { name: 'Dark colours' }).press('Space');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await page.reload();
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await page.getByRole('link', { name: 'Revenue' }).press('Enter');
  await page.locator('h1', { hasText: 'Revenue' }).waitFor();
  await done(watched);
}, 30_000);
