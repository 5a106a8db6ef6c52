/** The page as it ships: small, hashed, and within the strictest content security policy. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildPage } from '../../tools/page.mjs';
import { createCheckout } from '../house/checkout.ts';

const timeout = 60_000;
const firstPaintBytesMax = 200 * 1024;

describe('the built page', () => {
  test('has nothing inline and nothing from elsewhere', { timeout }, async () => {
    const { html } = await built();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:|data:/i);
    const asked = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(asked.filter((address) => !address?.startsWith('/assets/'))).toEqual([]);
  });

  test('names every file by its content', { timeout }, async () => {
    const { files } = await built();
    expect([...files.keys()].filter((name) => !/-[\w-]{8}\.(js|css|svg)$/.test(name))).toEqual([]);
  });

  test('evaluates nothing, and has neither schemas nor anything of Node in it', {
    timeout,
  }, async () => {
    const { files } = await built();
    for (const [name, text] of files) {
      if (extname(name) !== '.js') continue;
      expect(text, name).not.toMatch(
        /\beval\(|new Function\(|ZodError|["`]node:[a-z]|["`]better-sqlite3/,
      );
    }
  });

  test('loads less than 200 KB of JavaScript for the first look', { timeout }, async () => {
    const { html, files } = await built();
    const first = [...html.matchAll(/(?:src|href)="\/assets\/([^"]*\.js)"/g)].map(
      ([, name]) => files.get(name ?? '') ?? '',
    );
    expect(first.length).toBeGreaterThan(0);
    const bytes = first.reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThan(firstPaintBytesMax);
  });
});

let building: ReturnType<typeof build> | undefined;

/** The page, built once for all of these tests. */
function built(): ReturnType<typeof build> {
  building ??= build();
  return building;
}

async function build() {
  const { root, borrow, linkPackages } = createCheckout();
  borrow('src/web', 'src/domain', 'src/gantt', 'tsconfig.json');
  linkPackages();
  await buildPage(root);
  const web = join(root, 'dist', 'web');
  const names = readdirSync(join(web, 'assets'));
  const files = new Map(
    names.map((name) => [name, readFileSync(join(web, 'assets', name), 'utf8')]),
  );
  return { html: readFileSync(join(web, 'index.html'), 'utf8'), files };
}
