/** What people do on the console's page: signing in, watching, signing off, deciding; by mouse and by keyboard. */
import { brokenRules, picture } from '../support/browser';
import { MadeUpConsole, chosen, done, stands } from '../support/made-up-console';
import { becomes, says } from '../support/waiting-checks';

const made = new MadeUpConsole();
beforeAll(() => made.start(), 60_000);
afterAll(() => made.stop(), 60_000);

it('signs in with a token, refuses a wrong one, and signs out', async () => {
  const watched = await made.open();
  const { page } = watched;
  await page.goto(`${made.base}/?lang=en#token=used`);
  await page.waitForSelector('.problem');
  expect(new URL(page.url()).hash).toBe('');
  expect(await brokenRules(page)).toEqual([]);
  await picture(page, 'sign-in');
  await page.locator('a[href="/api/v1/oidc/start"]', { hasText: 'Sign in with the account' }).waitFor();
  await page.getByRole('button', { name: /fran/i }).click();
  await page.getByRole('heading', { name: 'Tidewaiter' }).waitFor();
  await says(page.locator('label'), ['Jeton d’accès']);
  await page.fill('#token', 'viewer');
  await page.keyboard.press('Enter');
  await page.waitForSelector('header nav a');
  await says(page.locator('header nav a'), ['En direct', 'Recettes', 'Statistiques', 'Périodes', 'Flux']);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.waitForSelector('#token');
  await done(watched);
}, 30_000);

it('says in words what is wrong, and fills a wall', async () => {
  made.server.troubled = true;
  const watched = await made.at('view=now&wall=true', 'viewer');
  const { page } = watched;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.waitForSelector('.light.red');
  await page.locator('.light', { hasText: 'Load the exchange rates of today' }).first().waitFor();
  await page.locator('header nav').waitFor({ state: 'hidden' });
  await page.locator('.freshness.good').waitFor();
  await picture(page, 'now-wall-screen-red');
  expect(await page.textContent('.now')).not.toContain('Precursor');
  made.server.troubled = false;
  await page.waitForSelector('.light.green');
  await page.locator('[aria-live=polite]', { hasText: 'All is well' }).waitFor({ state: 'attached', timeout: 12_000 });
  await done(watched);
}, 40_000);

it('lets whoever may not sign off see what stands against it, and no button', async () => {
  const watched = await made.at('view=periods&month=2026-03', 'viewer');
  await watched.page.getByText('Signing off takes the role operator.').waitFor();
  expect(await watched.page.getByRole('button', { name: /^Sign off/ }).count()).toBe(0);
  await done(watched);
}, 30_000);

it('signs a month off in the name of the session, in two steps, and shows how far it is', async () => {
  const watched = await made.at('view=periods');
  const { page } = watched;
  await page.getByRole('button', { name: '2026-04' }).click();
  await page.locator('.panel', { hasText: 'declarations of this month may still be on their way' }).waitFor();
  expect(await page.locator('.panel').getByRole('button', { name: /^Sign off/ }).count()).toBe(0);
  await page.getByRole('button', { name: '2026-03' }).click();
  await page.locator('.panel').getByRole('button', { name: 'Sign off March 2026 …' }).click();
  const sign = page.getByRole('button', { name: 'Sign off March 2026 for good' });
  await becomes(() => sign.isDisabled(), (disabled) => disabled);
  await page.locator('.confirm', { hasText: 'You sign as A. Mbuyi' }).first().waitFor();
  expect(await page.locator('.confirm input[type=text], .confirm input:not([type])').count()).toBe(0);
  await page.getByRole('checkbox').check();
  await picture(page, 'periods-confirm');
  expect(await brokenRules(page)).toEqual([]);
  made.server.periods.contradictory = true;
  await sign.click();
  await page.getByText('A. Mbuyi signs off: 120 of 412 tables').waitFor();
  expect(await brokenRules(page)).toEqual([]);
  await picture(page, 'periods-progress');
  await page.locator('.problem', { hasText: 'The figures contradict each other' }).waitFor();
  await picture(page, 'periods-contradictory');
  made.server.periods.contradictory = false;
  await page.getByRole('button', { name: 'Sign off March 2026 …' }).click();
  await page.getByRole('checkbox').check();
  await sign.click();
  await page.locator('.panel .badge', { hasText: 'closed' }).waitFor();
  await page.locator('.panel dl', { hasText: '0b6de1f4c2a89735' }).first().waitFor();
  expect(made.server.posted.at(-1)).toEqual({ path: '/api/v1/periods/2026-03/closing', body: {} });
  await page.getByRole('button', { name: '2026-02' }).click();
  await page.locator('.panel', { hasText: '−1,840,220.50 CDF' }).waitFor();
  await picture(page, 'periods-closed');
  await page.locator('.panel').getByRole('link', { name: 'Revenue' }).click();
  await page.getByText('Shown is only what has come since').waitFor();
  await stands(page, 'period', 'month:2026-02');
  await page.getByRole('link', { name: 'Sign-off of this month' }).click();
  await stands(page, 'month', '2026-02');
  await done(watched);
}, 60_000);

it('shows a case, and records a decision with its reason', async () => {
  const watched = await made.at('view=precursors');
  const { page } = watched;
  await page.locator('.queue tbody button').first().click();
  await page.waitForSelector('.panel .evidence li');
  await page.locator('.panel .badge', { hasText: '8.4 times the mean' }).waitFor();
  await page.locator('.panel', { hasText: '1,892.400 kg' }).first().waitFor();
  await page.locator('.panel summary').click();
  await becomes(() => page.locator('.panel tbody tr').count(), (count) => count === 12);
  await picture(page, 'precursors-case');
  expect(await brokenRules(page)).toEqual([]);
  const alert = await chosen(page, 'alert');
  const submit = page.getByRole('button', { name: 'Record the decision' });
  await becomes(() => submit.isDisabled(), (disabled) => disabled);
  await page.fill('#reason', 'Sample taken.');
  await submit.click();
  await page.locator('.history', { hasText: 'Sample taken.' }).waitFor();
  expect(made.server.posted.at(-1)).toEqual({ path: `/api/v1/alerts/${alert}/decisions`, body: { state: 'held', reason: 'Sample taken.' } });
  made.server.alert();
  await page.getByRole('button', { name: '1 new: show' }).waitFor();
  await done(watched);
}, 60_000);

it('says of each service whether it catches up, and when', async () => {
  made.server.troubled = true;
  const watched = await made.at('view=stream');
  const { page } = watched;
  const row = (name: string) => page.locator('.stream tbody tr', { has: page.getByRole('rowheader', { name, exact: true }) }).first();
  await row('enrich').getByText('clears in about 2 min').waitFor();
  await row('standardize').getByText('growing').waitFor();
  await row('ingest').getByText('keeps up').waitFor();
  await row('enrich').getByRole('img', { name: 'now 350, at most 900' }).waitFor();
  await picture(page, 'stream-trend');
  expect(await brokenRules(page)).toEqual([]);
  made.server.troubled = false;
  await done(watched);
}, 60_000);

it('shows several processes as one row, and a dash where there can be no lag', async () => {
  const watched = await made.at('view=stream', 'viewer');
  const rowOf = (name: string): Promise<string[]> => watched.page.locator('tbody tr', { has: watched.page.locator('th', { hasText: new RegExp(`^${name}`) }) }).first().locator('th, td').allTextContents();
  await watched.page.locator('th', { hasText: 'console' }).waitFor();
  expect((await rowOf('aggregate'))[0]).toBe('aggregate ×2');
  expect(await rowOf('console')).toEqual(['console', 'running', '–', '–', '–', '–', '–']);
  await done(watched);
}, 30_000);

it('comes back after a cut with the last event it saw, and says when it is stale', async () => {
  const watched = await made.at('view=now', 'viewer');
  const { page } = watched;
  await page.locator('.freshness.good').waitFor();
  made.server.cutStreams();
  await page.locator('.freshness.bad', { hasText: 'Connection lost' }).waitFor();
  await page.locator('.freshness.good').waitFor();
  expect(Number(made.server.lastEventIds.at(-1))).toBeGreaterThan(0);
  await done(watched);
}, 30_000);

it('is live for enforcement alone, that no tick is sent to; says nothing where nothing can come', async () => {
  const watched = await made.at('view=precursors', 'enforcement');
  await watched.page.locator('.freshness.good', { hasText: 'Live' }).waitFor();
  made.server.cutStreams();
  await watched.page.locator('.freshness.bad').waitFor();
  await watched.page.locator('.freshness.good').waitFor();
  await done(watched);
  const asked = made.server.lastEventIds.length;
  const quiet = await made.at('view=refusals', 'operator');
  await quiet.page.waitForSelector('.queue tbody tr');
  expect(await quiet.page.locator('.freshness').count()).toBe(0);
  expect(made.server.lastEventIds.length).toBe(asked);
  await done(quiet);
}, 40_000);

it('can be worked by keyboard, in the colours that were chosen', async () => {
  const watched = await made.at('view=now');
  const { page } = watched;
  await page.keyboard.press('Tab');
  await becomes(() => page.evaluate('document.activeElement.className'), (name) => name === 'skip');
  await page.keyboard.press('Enter');
  await becomes(() => page.evaluate('document.activeElement.id'), (id) => id === 'content');
  await page.getByRole('button', { name: 'Dark colours' }).press('Space');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.reload();
  await page.locator('html[data-theme=dark]').waitFor();
  await page.getByRole('link', { name: 'Revenue' }).press('Enter');
  await page.locator('h1', { hasText: 'Revenue' }).waitFor();
  await done(watched);
}, 30_000);
