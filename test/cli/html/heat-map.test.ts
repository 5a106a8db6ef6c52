/** The heat map of a what-if, in a browser: seen, pointed at, walked through with the keys. */
import { expect } from 'vitest';
import { whatIf } from '../../../src/app/what-if.ts';
import { heatMapPage } from '../../../src/cli/html/heat-map.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import { linesOf, reclaimed } from '../../domain/what-if/a-past.ts';
import { append } from '../../kit/a-history.ts';
import { browserMissing, openHtml } from '../../kit/browser.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { testUnless } from '../../kit/test-where.ts';

const axes = [
  { key: 'claimTtlMs', values: [20_000, 45_000, 120_000] },
  { key: 'crashGraceMs', values: [0, 30_000] },
  { key: 'launchLeaseMs', values: [1_000, 30_000] },
] as const;

async function aPage(): Promise<string> {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  const end = [80_000, reclaimed('outside')] as const;
  await append(log, linesOf({ beatsMs: [20_000], end, refusedMs: 100_000 }));
  const answer = await whatIf({ log, nowMs: () => clock.nowMs() }, { axes });
  return heatMapPage(answer, '<b>quay</b>');
}

testUnless(browserMissing)(
  'the heat map shows every policy of two axes, and its marks',
  async () => {
    const { page, complaints, requests } = await openHtml(await aPage());

    // The lease in force, 60 s, is one of those that are tried.
    expect(await page.locator('[role=gridcell]').count()).toBe(4 * 2);
    expect(await page.locator('th[scope=col]').allTextContents()).toEqual([
      '20s',
      '45s',
      '1m',
      '2m',
    ]);
    expect(await page.locator('.best').count()).toBe(1);
    expect(await page.locator('.best .marks').textContent()).toBe('★');
    expect(await page.locator('.in-force').getAttribute('class')).toContain('in-force');
    expect(await page.locator('h1 small').textContent()).toBe('<b>quay</b>');
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  },
);

testUnless(browserMissing)('a cell tells its figures to the pointer and to the keys', async () => {
  const { page } = await openHtml(await aPage());
  const tip = page.locator('#tip');
  const focused = () => page.evaluate('document.activeElement.dataset.at');

  expect(await tip.isVisible()).toBe(false);
  await page.hover('[data-at="0,0"]');
  expect(await tip.textContent()).toContain('claim-ttl 20s, crash-grace 0s');
  await page.mouse.move(0, 0);
  expect(await tip.isVisible()).toBe(false);

  await page.locator('[data-at][tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp');
  expect(await focused()).toBe('0,0');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe('1,1');
  expect(await tip.textContent()).toContain('claim-ttl 45s, crash-grace 30s');
  expect(await page.locator('[data-at][tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await tip.isVisible()).toBe(false);
});

testUnless(browserMissing)('other measures and other slices are chosen above it', async () => {
  const { page } = await openHtml(await aPage());
  const texts = () => page.locator('[role=gridcell] b').allTextContents();

  await page.check('input[value=false]');
  expect(await texts()).toEqual(['1', '1', '1', '0', '1', '1', '1', '0']);
  expect(await page.locator('[data-at="3,0"]').getAttribute('class')).toBe('heat-0');
  expect(await page.locator('[data-at="0,0"]').getAttribute('class')).toBe('heat-7');

  await page.check('input[value=lost]');
  expect((await texts())[0]).toBe('40s');
  await page.selectOption('select', { label: '1s' });
  expect(await page.locator('[data-at="0,0"]').getAttribute('aria-label')).toContain(
    'launch-lease 1s: lost work 40s',
  );
});
