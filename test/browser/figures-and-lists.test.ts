/** Figures and lists of the console's page: choosing, reading, taking away, sending again. */
import { brokenRules, picture } from '../support/browser';
import { MadeUpConsole, done, stands } from '../support/made-up-console';
import { becomes, moves, says } from '../support/waiting-checks';

const made = new MadeUpConsole();
beforeAll(() => made.start(), 60_000);
afterAll(() => made.stop(), 60_000);

it('asks only what is kept, and keeps every choice in the address', async () => {
  const watched = await made.at('view=revenue&period=month:2026-02');
  const { page } = watched;
  await page.waitForSelector('.figures tbody tr');
  await page.getByRole('checkbox', { name: 'origin', disabled: true }).waitFor();
  await page.getByRole('button', { name: 'Line', exact: true }).click();
  await page.waitForSelector('.steps');
  await picture(page, 'revenue-line');
  await page.getByRole('button', { name: 'Treemap' }).click();
  await page.waitForSelector('.chart svg');
  await picture(page, 'revenue-treemap');
  await page.getByRole('button', { name: /^assessed CDF/ }).click();
  await stands(page, 'sort', '-assessed');
  await page.getByRole('button', { name: 'KIN01', exact: true }).first().click();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor();
  await stands(page, 'where', 'office:KIN01');
  await page.reload();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor();
  await stands(page, 'chart', 'treemap');
  await page.goBack();
  await page.getByRole('button', { name: 'Remove the filter office KIN01' }).waitFor({ state: 'detached' });
  await done(watched);
}, 40_000);

it('names what codes stand for, in the language of the page', async () => {
  const watched = await made.at('view=revenue&by=chapter,taxType&period=month:2026-02&where=chapter:87');
  const { page } = watched;
  await page.waitForSelector('.figures tbody tr');
  await says(page.locator('.figures tbody th').first(), ['87 Vehicles']);
  await page.locator('.chart[aria-label*="87 – Vehicles"]').waitFor();
  await page.locator('.filter', { hasText: '87 Vehicles' }).waitFor();
  await page.getByRole('button', { name: 'Remove the filter chapter 87' }).click();
  await page.getByRole('combobox', { name: 'Dimension of the filter' }).selectOption('chapter');
  await says(page.locator('datalist option[value="27"]'), ['27 – Mineral fuels and oils']);
  await picture(page, 'revenue-names');
  await page.getByRole('button', { name: 'Français' }).click();
  await page.locator('.figures tbody th', { hasText: 'Véhicules' }).first().waitFor();
  await done(watched);
}, 40_000);

it('shows seals and adjustments, downloads, and repeats why a question is refused', async () => {
  const watched = await made.at('view=revenue&period=month:2026-02');
  const { page } = watched;
  await page.waitForSelector('.figures tbody tr');
  await page.locator('.provenance', { hasText: 'signed off by M. Ilunga' }).first().waitFor();
  await page.locator('.provenance', { hasText: 'customs.declarations.enriched.v1/0 120345' }).first().waitFor();
  await page.getByRole('button', { name: 'Show adjustments' }).click();
  await page.getByText('Shown is only what has come since').waitFor();
  await page.locator('tfoot', { hasText: '−' }).first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('figures.csv');
  await page.goto(`${made.base}/?lang=en&view=revenue&where=office:NONE`);
  await page.locator('.problem pre', { hasText: 'Kept are' }).waitFor();
  await done(watched);
}, 30_000);

it('gives the sums before the drawing, and on a phone the first amounts beside their names', async () => {
  const watched = await made.at('view=revenue&period=month:2026-02');
  const { page } = watched;
  const sum = await page.locator('.figures tfoot td.number').first().innerText();
  await says(page.locator('.totals dd').first(), [`${sum} CDF`]);
  await page.setViewportSize({ width: 390, height: 844 });
  await becomes(async () => (await page.locator('.figures tbody td').first().boundingBox()) ?? { x: Infinity, width: 0 }, ({ x, width }) => x + width < 390);
  await becomes(() => page.locator('header nav a').evaluateAll((links) => links.map((link) => link.getBoundingClientRect().right)), (ends) => ends.length === 8 && ends.every((end) => end <= 390));
  await done(watched);
}, 30_000);

it('stops and filters the tail', async () => {
  const watched = await made.at('view=stream&filter=kin01');
  const { page } = watched;
  await page.waitForSelector('.tail-rows tbody th');
  await becomes(() => page.locator('.tail-rows tbody tr td:nth-child(4)').allTextContents(), (offices) => offices.length > 0 && offices.every((office) => office === 'KIN01'));
  await page.locator('.tail-rows tbody td:first-child', { hasText: /^\d\d \w+ \d{4}, / }).first().waitFor();
  await page.locator('.tail-rows tbody td:first-child', { hasText: /^\d\d:\d\d:\d\d$/ }).first().waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  const waiting = page.getByText(/Paused: [1-9]/);
  await waiting.waitFor();
  const before = await page.textContent('.tail-rows tbody');
  await moves(waiting);
  expect(await page.textContent('.tail-rows tbody')).toBe(before);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText(/[1-9]\d* not sent by the server/).waitFor();
  await done(watched);
}, 30_000);

it('previews before it sends again, and only for who types how many', async () => {
  const watched = await made.at('view=refusals');
  const { page } = watched;
  await page.locator('.codes button', { hasText: 'E-VAL-NO-RATE' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  const send = page.getByRole('button', { name: 'Send again' });
  await becomes(() => send.isDisabled(), (disabled) => disabled);
  const [count = ''] = /\d+/.exec(await page.locator('.redrive [role=status]', { hasText: 'would be sent again' }).innerText()) ?? [];
  await page.fill('#typed', count);
  await picture(page, 'refusals-redrive');
  expect(await brokenRules(page)).toEqual([]);
  await send.click();
  await page.getByText(`${count} sent again.`).first().waitFor();
  expect(made.server.posted.at(-1)?.body).toEqual({ stage: 'standardize', code: 'E-VAL-NO-RATE', dryRun: false });
  await page.goto(`${made.base}/?lang=en&view=refusals&code=E-DECODE-FRAME&stage=ingest`);
  await page.locator('.queue tbody button').first().click();
  await page.getByText('no magic byte').waitFor();
  await picture(page, 'refusals-content');
  await done(watched);
}, 30_000);

it('shows the most frequent codes first, all on demand, and a refusal in three lines', async () => {
  const watched = await made.at('view=refusals');
  const { page } = watched;
  await page.getByText(/^As of \d\d:\d\d:\d\d$/).waitFor();
  const codes = page.locator('.codes code');
  await says(page.locator('.codes li:last-child'), ['All 10 codes']);
  await becomes(() => codes.count(), (count) => count === 8);
  await page.getByRole('button', { name: 'All 10 codes' }).click();
  await codes.nth(9).waitFor();
  const row = (code: string) => page.locator('.queue tbody tr', { hasText: code });
  await row('E-ID-MISSING').getByText('without an id').waitFor();
  await row('E-ID-MISSING').getByRole('checkbox', { name: /^Select r0+54$/ }).waitFor();
  expect((await row('E-PTR-DEST-MISSING').boundingBox())?.height).toBeLessThan(80);
  await row('E-PTR-DEST-MISSING').getByRole('button').click();
  await page.locator('.panel', { hasText: 'items[11].partnerCountry' }).waitFor();
  await done(watched);
}, 30_000);

it('shows who did what, by act and by name, page by page', async () => {
  const watched = await made.at('view=audit', 'operator');
  const { page } = watched;
  const rows = page.locator('.audit tbody tr');
  await rows.first().waitFor();
  await becomes(() => rows.count(), (count) => count === 100);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  await becomes(() => rows.count(), (count) => count === 130);
  await page.getByRole('combobox', { name: 'Act' }).selectOption('close:period');
  await page.getByRole('searchbox', { name: 'Who' }).fill('mbala');
  await page.keyboard.press('Enter');
  await page.locator('.audit tbody tr', { hasNotText: 'N. Mbala' }).first().waitFor({ state: 'detached' });
  await becomes(() => page.locator('.audit tbody td:nth-child(3)').allTextContents(), (acts) => acts.length > 0 && acts.every((act) => act === 'sign-off of a month'));
  await stands(page, 'action', 'close:period');
  await stands(page, 'by', 'mbala');
  await page.reload();
  await rows.first().waitFor();
  await becomes(() => page.getByRole('searchbox', { name: 'Who' }).inputValue(), (who) => who === 'mbala');
  await done(watched);
}, 30_000);
