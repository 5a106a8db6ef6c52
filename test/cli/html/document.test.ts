/** Documents to be opened from disk: whole, silent, and deaf to what is in the text of others. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { htmlDocument } from '../../../src/cli/html/document.ts';
import { escapeMarkup, jsonForScript } from '../../../src/cli/html/escape.ts';
import { readScript } from '../../../src/cli/html/page-parts.ts';
import { browserMissing, openHtml } from '../../kit/browser.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { testUnless } from '../../kit/test-where.ts';

const hostile = [
  '</script><script>document.title = "taken"</script>',
  '<img src=x onerror="document.title = \'taken\'">',
  '<!-- <script>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '\u2028\u2029\u202e\0',
];

const page = {
  style: 'body { margin: 7px }',
  script: "document.querySelector('p').textContent = JSON.parse(data.textContent).join('|');",
  body: '<p></p>',
};

describe('a document', () => {
  test('holds other people’s text as text', () => {
    for (const text of hostile) expect(escapeMarkup(text)).not.toMatch(/[<>"']/);
    expect(escapeMarkup('a < b & c')).toBe('a &lt; b &amp; c');
  });

  test('holds data that parse to what they were, and cannot end their element', () => {
    const text = jsonForScript(hostile);

    expect(text).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(text)).toEqual(hostile);
  });

  testUnless(browserMissing)('runs its own script and style, and nothing else', async () => {
    const title = hostile.join(' ');
    const opened = await openHtml(htmlDocument({ ...page, title, data: hostile }));

    expect(await opened.page.textContent('p')).toBe(hostile.join('|'));
    expect(await opened.page.title()).toContain('</script><script>document.title');
    expect(await opened.page.evaluate('getComputedStyle(document.body).margin')).toBe('7px');
    expect(opened).toMatchObject({ complaints: [], requests: [] });
  });

  testUnless(browserMissing)('asks nobody for anything, even where markup got in', async () => {
    const { url, asked } = await somebodyToAsk();
    const body = `<p></p><img src="${url}/x.png" onerror="document.title = 1">`;
    const opened = await openHtml(htmlDocument({ ...page, title: 'quiet', body, data: [] }));
    await opened.page.evaluate(`fetch('${url}/data').catch(() => {})`);

    expect(await opened.page.title()).toBe('quiet');
    expect(asked).toEqual([]);
    expect(opened.complaints.join()).toContain('Content Security Policy');
  });
});

describe('a script of several modules', () => {
  test('is one text: each module once, after those it needs, tied to no file', () => {
    const at = folderOf({
      'main.mjs': "import { b } from './b.mjs';\nimport {\n  a,\n} from './a.mjs';\nb(a);\n",
      'b.mjs': "import { a } from './a.mjs';\nexport function b() {}\n//# sourceMappingURL=x\n",
      'a.mjs': 'export const a = 1;\n',
    });

    expect(readScript(at('main.mjs'))).toBe('const a = 1;\n\nfunction b() {}\n\nb(a);\n');
  });
});

function folderOf(files: Readonly<Record<string, string>>): (name: string) => URL {
  const folder = tempDir();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => pathToFileURL(join(folder, name));
}

/** A server on this machine, and what it was asked for. */
async function somebodyToAsk(): Promise<{ url: string; asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
