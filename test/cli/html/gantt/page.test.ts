/** The page of a timeline in a real browser, opened from disk as a person would. */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { timelinePage } from '../../../../src/cli/html/timeline-page.ts';
import { browserMissing, openHtml } from '../../../kit/browser.ts';
import { testUnless } from '../../../kit/test-where.ts';
import { aPicture, reclaimedAtMs, seconds, suspectAtMs } from './a-picture.ts';

const test = testUnless(browserMissing);
const facts = { board: 'yard', nowMs: seconds(100), omitted: 0 };
const hostile = [
  '</script><script>document.title = "taken"</script>',
  '<img src=x onerror="document.title = \'taken\'">',
];

describe('the page', () => {
  test('opens without a complaint, and asks nobody for anything', async () => {
    const { page, complaints, requests } = await openPicture();

    expect(await page.textContent('#count')).toBe('2 tasks');
    expect(await page.textContent('#legend')).toContain('suspect: lease over');
    expect([complaints, requests]).toEqual([[], []]);
  });

  test('says what is under the pointer', async () => {
    const { page } = await openPicture();
    await pointAt(page, suspectAtMs, 0);

    const tip = page.locator('#tip');
    expect(await tip.isVisible()).toBe(true);
    expect(await tip.innerText()).toMatch(/suspect: lease over[\s\S]*silent for 20 s/);
    await pointAt(page, reclaimedAtMs, 0);
    expect(await tip.innerText()).toMatch(/reclaimed[\s\S]*silent for 16 min/);
    await pointAt(page, seconds(2), 5);
    expect(await tip.isVisible()).toBe(false);
  });

  test('zooms with the wheel, and what is under the pointer stays there', async () => {
    const { page } = await openPicture();
    const before = await shown(page);
    await pointAt(page, suspectAtMs, 0);
    await page.mouse.wheel(0, -240);
    await repainted(page);

    const after = await shown(page);
    expect(after.to - after.from).toBeCloseTo((before.to - before.from) / 2, -1);
    expect(await page.locator('#tip').innerText()).toContain('suspect');
    await pointAt(page, suspectAtMs, 0);
    expect(await page.locator('#tip').innerText()).toContain('suspect');
  });

  test('pans when it is dragged, and with keys; 0 shows all again', async () => {
    const { page } = await openPicture();
    await repainted(page);
    const whole = await shown(page);
    await page.focus('#chart');
    await page.keyboard.press('+');
    await repainted(page);
    const near = await shown(page);
    expect(near.to - near.from).toBeCloseTo((whole.to - whole.from) / 2, -1);

    await page.mouse.move(900, 300);
    await page.mouse.down();
    await page.mouse.move(700, 300, { steps: 4 });
    await page.mouse.up();
    await repainted(page);
    const dragged = await shown(page);
    expect(dragged.from).toBeGreaterThan(near.from);
    await page.keyboard.press('ArrowLeft');
    await repainted(page);
    expect((await shown(page)).from).toBeLessThan(dragged.from);
    await page.keyboard.press('0');
    await repainted(page);
    expect(await shown(page)).toEqual(whole);
  });

  test('is walked through with Tab and arrows, and tells each thing in the panel', async () => {
    const { page } = await openPicture();
    await page.focus('#chart');
    await page.keyboard.press('Tab');
    expect(await page.textContent('#panel h2')).toBe('T-0000000001');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await page.textContent('#panel h2')).toBe('ready, nobody at work');
    await page.keyboard.press('Tab');
    expect(await page.textContent('#panel h2')).toBe('T-0000000002');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).not.toBe('chart');
  });

  test('shows workers instead of tasks, and only what was searched for', async () => {
    const { page } = await openPicture();
    await page.check('#by-worker');
    expect(await page.textContent('#count')).toBe('2 lanes of workers');
    await page.check('#by-task');
    await page.fill('#search', 'suspect');
    expect(await page.textContent('#count')).toBe('1 of 2 tasks');
    await page.fill('#search', 'nothing like this');
    expect(await page.isVisible('#none')).toBe(true);
  });

  test('has everything as a table too', async () => {
    const { page } = await openPicture();
    await page.click('#table summary');

    const rows = await page.locator('#table tbody tr').allInnerTexts();
    expect(rows.join('\n')).toMatch(/T-0000000001\s+suspect: lease over/);
    expect(rows.join('\n')).toMatch(/T-0000000001\s+stale write refused/);
  });

  test('does nothing that a title tells it to', async () => {
    const { page, complaints } = await openPicture(hostile.join(' '));
    await pointAt(page, suspectAtMs, 0);
    await page.click('#table summary');

    expect(await page.title()).toBe('yard · timeline');
    expect(await page.locator('#tip').innerText()).toContain('<img src=x onerror=');
    expect(await page.locator('#tip img, #table img, #panel img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

function openPicture(title?: string) {
  const options = { viewport: { width: 1_200, height: 700 }, reducedMotion: 'reduce' } as const;
  return openHtml(timelinePage(aPicture(title), facts), options);
}

interface Shown {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly width: number;
}

/** What the canvas shows now. */
function shown(page: Page): Promise<Shown> {
  return page.evaluate(`(() => {
    const { dataset, clientWidth: width } = document.querySelector('#chart');
    const left = Math.min(340, Math.round(width * 0.3));
    return { from: Number(dataset.from), to: Number(dataset.to), left, width };
  })()`);
}

/** Moves the pointer to a moment of a row. */
async function pointAt(page: Page, atMs: number, row: number): Promise<void> {
  const { from, to, left, width } = await shown(page);
  const box = await page.locator('#chart').boundingBox();
  const x = left + ((atMs - from) / (to - from)) * (width - left);
  await page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + 46 + row * 28 + 14);
}

/** Resolves when what was asked for has been drawn. */
async function repainted(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
  );
}
