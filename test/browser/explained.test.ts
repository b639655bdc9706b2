/** A figure opens what it is made of: by mouse and keyboard, in both languages, and its sum line is the figure. */
import type { Page } from 'playwright-core';
import { brokenRules, picture } from '../support/browser';
import { sizes } from '../support/console-views';
import { MadeUpConsole, chosen, done, stands } from '../support/made-up-console';
import { becomes, says } from '../support/waiting-checks';

const made = new MadeUpConsole();
beforeAll(() => made.start(), 60_000);
afterAll(() => made.stop(), 60_000);
afterEach(() => { made.server.logAway = false; });

/** An amount as it is written on the page, in units of its last decimal. */
const units = (text: string): bigint => BigInt(text.replace('−', '-').replace(/[^\d-]/g, ''));
const dialog = (page: Page) => page.locator('dialog[open]');
const rowAmounts = (page: Page) => page.locator('.contributions tbody td.number').allInnerTexts();
const sum = (texts: readonly string[]): bigint => texts.reduce((total, text) => total + units(text), 0n);

it('adds the declarations up to the figure, page after page, to the last unit', async () => {
  const watched = await made.at('view=revenue&period=month:2026-03');
  const { page } = watched;
  const figure = page.locator('.figures tbody tr').first().locator('button.opens').first();
  const text = await figure.innerText();
  await figure.click();
  await dialog(page).getByRole('heading', { level: 2, name: 'assessed: KIN01, CUD – customs duty' }).waitFor();
  await dialog(page).getByText('The declarations add up to the figure exactly.').waitFor();
  await says(dialog(page).locator('.totals dd'), [`${text} CDF`, `${text} CDF`]);
  const listed = dialog(page).locator('.contributions tfoot tr');
  await says(listed.locator('th'), ['Listed (25)', 'Smaller ones (15)', 'Sum of the declarations (40)']);
  const [first = '', smaller = '', whole = ''] = await listed.locator('td.number').allInnerTexts();
  expect([units(first), units(first) + units(smaller), whole]).toEqual([sum(await rowAmounts(page)), units(text), text]);
  await dialog(page).getByRole('button', { name: 'Show more' }).click();
  await says(listed.locator('th'), ['Sum of the declarations (40)']);
  const amounts = await rowAmounts(page);
  expect([amounts.length, sum(amounts)]).toEqual([40, units(text)]);
  await dialog(page).getByRole('heading', { level: 3, name: 'What was told of this figure' }).waitFor();
  expect(await dialog(page).locator('section tbody tr').first().innerText()).toContain(text);
  await done(watched);
}, 40_000);

it('opens, closes and goes back by keyboard alone, and stands in the address', async () => {
  const watched = await made.at('view=statistics&period=month:2026-03');
  const { page } = watched;
  const figure = page.locator('.figures tfoot button.opens').first();
  await figure.focus();
  await page.keyboard.press('Enter');
  await becomes(() => page.evaluate<string>('document.activeElement.id'), (id) => id === 'dialog-title');
  await stands(page, 'explain', 'value');
  /** Nothing behind the window is reached. */
  for (let pressed = 0; pressed < 12; pressed++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")).toBe(true);
  }
  await dialog(page).locator('.contributions tbody th button').first().focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('heading', { level: 2, name: 'Declaration CD-2026-410000' }).waitFor();
  await dialog(page).getByRole('heading', { level: 3, name: 'Figures that it touches' }).waitFor();
  await stands(page, 'declaration', 'CD-2026-410000');
  await page.reload();
  await dialog(page).getByRole('heading', { level: 3, name: 'Its versions, as they arrived' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Back to the figure' }).click();
  await dialog(page).locator('.contributions tbody tr').first().waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await chosen(page, 'explain')).toBeNull();
  await figure.focus();
  await page.keyboard.press('Enter');
  await dialog(page).locator('.contributions').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await becomes(() => page.evaluate<boolean>("document.activeElement.matches('.figures tfoot button.opens')"), (back) => back);
  await page.goBack();
  await dialog(page).waitFor();
  await page.goBack();
  await dialog(page).waitFor({ state: 'detached' });
  await done(watched);
}, 40_000);

describe.each(['en', 'fr'] as const)('in %s', (language) => {
  it.each(['light', 'dark'] as const)('keeps the rules of accessibility at every size, %s', async (colorScheme) => {
    const watched = await made.at('view=now');
    const { page } = watched;
    await page.emulateMedia({ colorScheme });
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await page.goto(`${made.base}/?lang=${language}&view=revenue&period=month:2026-02`);
      await page.locator('.figures tbody button.opens').first().click();
      await dialog(page).locator('.contributions tbody tr').first().waitFor();
      await picture(page, `explained-${size}-${language}-${colorScheme}`);
      await dialog(page).locator('details summary').first().click();
      expect(await brokenRules(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
      await dialog(page).locator('.contributions tbody th button').first().click();
      await dialog(page).locator('section tbody tr').first().waitFor();
      await picture(page, `explained-declaration-${size}-${language}-${colorScheme}`);
      expect(await brokenRules(page)).toEqual([]);
      expect(await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    }
    await done(watched);
  }, 120_000);
});

it('shows what was signed off, what came since, and that both are what the declarations make', async () => {
  const watched = await made.at('view=revenue&period=month:2026-02');
  const { page } = watched;
  await page.locator('.figures tfoot button.opens').first().click();
  await says(dialog(page).locator('.totals dt'), ['Figure as signed off', 'Since then', 'Sum of the declarations (40)']);
  const [signed = '', since = '', whole = ''] = await dialog(page).locator('.totals dd').allInnerTexts();
  expect(units(signed) + units(since)).toBe(units(whole));
  await page.getByText('and what has come since, exactly').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Show adjustments' }).click();
  await page.getByText('Shown is only what has come since').waitFor();
  expect(await page.locator('button.opens').count()).toBe(0);
  await done(watched);
}, 30_000);

it('says what is missing, and why a figure is not explained', async () => {
  made.server.logAway = true;
  const watched = await made.at('view=revenue&period=month:2026-03');
  const { page } = watched;
  await page.locator('.figures tbody button.opens').first().click();
  await dialog(page).getByText('The log cannot be read').waitFor();
  expect(await dialog(page).getByRole('heading', { level: 3 }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.locator('.figures tbody tr', { hasText: 'MAT01' }).first().locator('button.opens').first().click();
  await dialog(page).locator('.problem pre', { hasText: 'narrow it to a shorter period' }).waitFor();
  await done(watched);
}, 30_000);

it('shows which list flagged a declaration to enforcement alone, and opens nothing for who sees no declarations', async () => {
  for (const [as, shown] of [['everything', 1], ['viewer', 0]] as const) {
    const watched = await made.at('view=revenue&period=month:2026-03', as);
    await watched.page.locator('.figures tbody button.opens').first().click();
    await dialog(watched.page).locator('.contributions tbody tr').first().waitFor();
    expect(await dialog(watched.page).getByText('Acetone').count()).toBe(shown);
    await done(watched);
  }
  const watched = await made.at('view=revenue&period=month:2026-03', 'figures');
  await watched.page.waitForSelector('.figures tbody tr');
  expect(await watched.page.locator('button.opens').count()).toBe(0);
  await done(watched);
}, 30_000);
