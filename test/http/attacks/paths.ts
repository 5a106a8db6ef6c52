/** Names that would be paths: of static files, tasks, runs, and files that are handed in. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena, Attempt } from './arena.ts';

const climbs = [
  '../secret.html',
  '..%2fsecret.html',
  '%2e%2e/secret.html',
  '%2e%2e%2fsecret.html',
  '.%2e/secret.html',
  '..%252fsecret.html',
  '%252e%252e%252fsecret.html',
  '..%5csecret.html',
  '..\\secret.html',
  '..%c0%afsecret.html',
  '..%ef%bc%8fsecret.html',
  '....//secret.html',
  '..;/secret.html',
  './../secret.html',
  'assets/../../secret.html',
  'assets/..%2f..%2fsecret.html',
  'assets/../.hidden',
  '.hidden',
  '%2ehidden',
  '/etc/passwd',
  '//etc/passwd',
  '%2fetc%2fpasswd',
  '..%00/secret.html',
  'index.html%00.js',
  'index.html/',
  'index.html/../../secret.html',
  '../../../../../../../../etc/passwd',
  '..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fproc%2fself%2fenviron',
  'file:///etc/passwd',
  '~/.ssh/id_rsa',
  '\\\\host\\share\\file',
  'C:%5cwindows%5cwin.ini',
  'CON',
  '%u002e%u002e/secret.html',
  '\u202etxt.exe',
  'log.db',
  'http/operator.token',
  '../http/operator.token',
  '.logboard/http/operator.token',
];

/** Ids that are none. */
const noIds = [
  ...climbs,
  '..',
  '.',
  '%2e',
  '%00',
  'T-0000000000%00',
  'R-000000000000%0a',
  "R-000000000000'%20OR%20'1'='1",
  "T-0000000000';DROP%20TABLE%20events;--",
  '%E2%84%A1',
  'R-OOOOOOOOOOOO',
  'r-000000000000',
  'R-０００００００００００0',
  '__proto__',
  'constructor',
  'toString',
  '-rf',
  '*',
  '%2a',
  'a'.repeat(5_000),
  '%F0%9F%92%A9',
  '%ED%A0%80',
  '%FF%FE',
];

/** Every climb from every place that has names in it. */
export function pathAttempts(arena: Arena): readonly Attempt[] {
  const { canary, directory, run, token } = arena;
  const sings = (text: string) => text.includes(canary) || /root:|operator\.token/.test(text);
  const reader = (path: string): Attempt => ({
    name: `GET ${path.slice(0, 80)}`,
    async try({ wire, host }) {
      const lines = [`GET ${encoded(path)} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
      const authorization = `Authorization: Bearer ${token('reader')}`;
      const heard = await wire([...lines, authorization, '', ''].join('\r\n'));
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(heard) ?? [];
      if (sings(heard)) return `it sings: ${heard.slice(0, 300)}`;
      const isPage = heard.includes('the page') || heard.includes('the program');
      return status === '200' && !isPage ? heard.slice(0, 300) : undefined;
    },
  });
  const names = climbs.map(
    (name): Attempt => ({
      name: `hand in ${name}`,
      async try({ ask }) {
        const before = filesBelow(directory);
        const { bearer, runId } = run;
        const query = `?name=${/%/.test(name) ? name : encodeURIComponent(name)}`;
        const path = `/api/v1/runs/${runId}/artifact${query}`;
        const answered = await ask(path, { bearer, body: Buffer.from('mine') });
        const news = filesBelow(directory).filter((file) => !before.includes(file));
        const strange = news.filter((file) => !isOurs(file, runId));
        return strange.length > 0 ? `${answered.status}, ${strange.join()} was made` : undefined;
      },
    }),
  );
  return [
    ...climbs.map((path) => reader(`/${path}`)),
    ...climbs.map((path) => reader(`/assets/${path}`)),
    ...noIds.map((id) => reader(`/api/v1/tasks/${id}`)),
    ...noIds.map((id) => reader(`/api/v1/runs/${id}`)),
    ...noIds.map((id) => reader(`/api/v1/runs/${id}/log`)),
    ...names,
  ];
}

/** As a hostile program would send it: only what would end the request line is replaced. */
function encoded(path: string): string {
  return Buffer.from(path.replaceAll(' ', '%20'), 'utf8').toString('latin1');
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true }).map(String);
}

/** By its hash, in the store; and the list of what the run has handed in. */
function isOurs(file: string, runId: string): boolean {
  const own = join('runs', runId);
  if (file === 'artifacts' || file === own || file === 'runs') return true;
  return /^artifacts\/[0-9a-f]{64}$/.test(file) || file === join(own, 'handed-in.jsonl');
}
