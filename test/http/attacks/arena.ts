/** Where attacks are tried: one real server over a real board, and a count of what was tried. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../src/host/clock.ts';
import { routes } from '../../../src/http/routes.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { type Answered, askRaw, openHouse, type RawAsking } from '../a-door.ts';
import { furnish, type Harbour } from '../calls.ts';
import { type RemoteRun, remoteRun } from '../remote.ts';

/** One attack; it answers what it achieved, and nothing when it was withstood. */
export interface Attempt {
  readonly name: string;
  try(arena: Arena): Promise<string | undefined>;
}

/** The place. */
export interface Arena extends Harbour {
  /** Stands in files that nobody may be shown. */
  readonly canary: string;
  /** A run that goes on, one that goes on too, and one that is over. */
  readonly run: RemoteRun;
  readonly otherRun: RemoteRun;
  readonly endedRun: RemoteRun;
  /** Cookies of browsers that were signed in. */
  readonly cookies: Readonly<Record<'reader' | 'operator', string>>;
  raw(asking: RawAsking): ReturnType<typeof askRaw>;
  /** Sends bytes as they are; answers what comes back until the server hangs up or is silent. */
  wire(bytes: string): Promise<string>;
}

const canary = 'canary-that-must-not-sing';
/** Silence after which nothing more is expected from a socket, in ms. */
const silenceMs = 150;

/** Opens it, with a page that has files beside it which do not belong to it. */
export async function openArena(): Promise<Arena> {
  const place = tempDir();
  const webDirectory = join(place, 'web');
  for (const [path, text] of [
    ['secret.html', canary],
    ['web/index.html', 'the page'],
    ['web/assets/app.js', 'the program'],
    ['web/.hidden', canary],
  ] as const) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  // Time flies for whoever guesses, so that no guess is turned away for being one too many.
  let monoMs = 0;
  const clock = { ...systemClock, monoMs: () => (monoMs += 200) };
  const house = await openHouse(undefined, { webDirectory, clock });
  const harbour = await furnish(house);
  const [run, otherRun, endedRun] = [
    await remoteRun(house),
    await remoteRun(house),
    await remoteRun(house),
  ];
  await endedRun.say('release');
  const cookies = { reader: await signIn(harbour, 'reader'), operator: await signIn(harbour) };
  return {
    ...harbour,
    canary,
    run,
    otherRun,
    endedRun,
    cookies,
    raw: (asking) => askRaw(house.host, asking),
    wire: (bytes) => wire(house.host, bytes),
  };
}

/** The cookie of a browser that was signed in, as it sends it. */
async function signIn({ ask, host }: Harbour, role = 'operator'): Promise<string> {
  const { json } = await ask('/api/v1/codes', { body: { role } });
  const headers = { Origin: `http://${host}` };
  const body = { code: json.code };
  const signedIn = await ask('/api/v1/session', { who: 'nobody', body, headers });
  return signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

function wire(host: string, bytes: string): Promise<string> {
  const [hostname = '', port] = host.split(':');
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(Buffer.from(bytes, 'latin1'));
    });
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (data) => {
      heard += data.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(heard));
  });
}

/** Every route with something in the place of its parameters that is there. */
export function everyRoute({ hull, run }: Pick<Arena, 'hull' | 'run'>) {
  const params: Readonly<Record<string, string>> = { taskId: hull, runId: run.runId };
  return routes.map((route) => {
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'x');
    return { route, name: `${route.method} ${route.path}`, path };
  });
}

/** What was achieved, unless the answer is one of these. */
export function unless(
  { status, json }: Pick<Answered, 'status'> & { json?: unknown },
  ...withstood: readonly number[]
): string | undefined {
  if (withstood.includes(status)) return undefined;
  return `${status} ${JSON.stringify(json ?? '').slice(0, 200)}`;
}
