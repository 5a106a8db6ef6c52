/** What shuts people out of a page, as axe finds it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** What axe finds wrong, as far as it is sure. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished))');
  await page.evaluate(axeSource);
  const run = "axe.run(document, { resultTypes: ['violations'] })";
  const { violations: found } = await page.evaluate<Looked>(run);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** What axe answers. */
interface Looked {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
