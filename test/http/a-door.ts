/** A real server over a real board, for one test. */

import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { loadConfig } from '../../src/config.ts';
import {
  type WorkerDefinitionInput,
  workerDefinitionSchema,
} from '../../src/dispatcher/worker-definition.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { openDoorSecrets, tokenFile } from '../../src/host/door-secrets.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { createRunStore } from '../../src/host/run-store.ts';
import { type Door, openDoor } from '../../src/http/door.ts';
import type { DoorParts } from '../../src/http/door-parts.ts';
import type { Listening } from '../../src/http/listen.ts';
import { followPages } from '../../src/log/follow.ts';
import { forgetsFor } from '../../src/main/forget/through-door.ts';
import { outputFiles } from '../../src/main/output-files.ts';
import { endOfRemoteRun } from '../../src/main/remote-exit.ts';
import { createRoot, openBoardAt } from '../../src/main.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** Who knocks. */
export type Who = 'reader' | 'operator' | 'worker' | 'nobody';

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
  readonly json: any;
}

/** What is asked, besides the path. */
export interface Asking {
  readonly who?: Who;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What goes after `Bearer`, where it is none of the roles' tokens: of a run. */
  readonly bearer?: string;
  /** A body as it is, right or wrong. */
  readonly text?: string;
  /** Ends the asking. */
  readonly signal?: AbortSignal;
}

/** A door, and the board behind it. */
export interface OpenHouse {
  readonly door: Door;
  readonly board: Board;
  readonly directory: string;
  /** The home directory of this host. */
  readonly home: string;
  /** Host and port. */
  readonly host: string;
  token(who: Exclude<Who, 'nobody'>): string;
  /** Asks, as an operator unless it says otherwise. */
  ask(path: string, asking?: Asking): Promise<Answered>;
  fetch(path: string, asking?: Asking): Promise<Response>;
  /** Closes the door and opens another, as a new process would. */
  restart(): Promise<OpenHouse>;
  /** Opens a door again where this one was; this one is closed. */
  reopen(): Promise<OpenHouse>;
}

/** Opens a door on any free port of this machine; it closes with the test. */
export async function openHouse(
  where: Listening = { host: '127.0.0.1', port: 0 },
  other: Partial<DoorParts> = {},
  workers: Definitions = {},
): Promise<OpenHouse> {
  const directory = join(tempDir(), '.logboard');
  const home = tempDir();
  const board = await openBoardAt(directory, { access: 'create', policy: undefined, home });
  const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
  const founding = { type: 'CreateBoard', name: 'quay', epoch: board.log.epoch } as const;
  await board.as(caller).changeBoard(founding);
  onTestFinished(() => board.close());
  return housed({ board, directory, home, where, other, workers });
}

async function housed(built: {
  readonly board: Board;
  readonly directory: string;
  readonly home: string;
  readonly where: Listening;
  readonly other: Partial<DoorParts>;
  readonly workers: Definitions;
}): Promise<OpenHouse> {
  const { board, directory, home, where, other, workers } = built;
  const door = await openDoor({ ...partsOf(board, directory, workers), ...other }, where);
  onTestFinished(() => door.close());
  const token = (who: Exclude<Who, 'nobody'>) =>
    readFileSync(tokenFile(directory, who), 'utf8').trim();

  function send(path: string, asking: Asking = {}): Promise<Response> {
    const { who = 'operator', method = asking.body === undefined ? 'GET' : 'POST', body } = asking;
    const { bearer = who === 'nobody' ? undefined : token(who), signal, text } = asking;
    return fetch(`${door.address}${path}`, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'Content-Type': typeOf(body) }),
        ...asking.headers,
      },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
      ...(text === undefined ? {} : { body: text }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async function ask(path: string, asking?: Asking): Promise<Answered> {
    const response = await send(path, asking);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      json: isJson ? JSON.parse(text) : text,
    };
  }

  const host = door.address.replace('http://', '');
  const restart = async () => {
    await door.close();
    return housed(built);
  };
  const reopen = () => {
    const port = Number(new URL(door.address).port);
    return housed({ ...built, where: { host: '127.0.0.1', port } });
  };
  return { door, board, directory, home, host, token, ask, fetch: send, restart, reopen };
}

function typeOf(body: unknown): string {
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

type Definitions = Readonly<Record<string, WorkerDefinitionInput>>;

function partsOf(board: Board, directory: string, inputs: Definitions): DoorParts {
  const clock = systemClock;
  const timers = systemTimers;
  const world = createRoot({ environment: {}, directory, userHome: directory });
  const workers = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, workerDefinitionSchema.parse(input)]),
  );
  const config = { ...loadConfig({ environment: {}, directory }), workers };
  return {
    board,
    place: { directory, label: './.logboard' },
    config: () => config,
    operatorName: 'ada',
    secrets: openDoorSecrets(directory, randomBytes),
    clock,
    timers,
    randomBytes,
    newRunId: () => createIds({ clock, randomBytes }).runId(),
    runStore: createRunStore(directory),
    endOf: endOfRemoteRun(() => config),
    version: '0.0.0-test',
    webDirectory: join(directory, 'no-page'),
    follow: (after, signal) =>
      followPages(board.log, { clock, timers, random: Math.random, after, signal }),
    output: outputFiles(directory),
    forget: forgetsFor({ board, directory }, world.upkeep),
    dispatch: { plan: async () => ({ actions: [], waits: [] }), nudge: () => true },
    knownBoards: (name) => [
      { slug: null, name, address: null, isThis: true },
      { slug: 'release', name: 'release', address: 'http://127.0.0.1:4748', isThis: false },
    ],
    onFault: (fault) => {
      throw fault;
    },
  };
}

/** What goes over the wire when nobody corrects it: `fetch` would. */
export interface RawAsking {
  readonly method?: string;
  readonly path?: string;
  /** Names and values; a name may come twice. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** Sends a request as it is; answers status, headers and text. */
export function askRaw(
  host: string,
  { method = 'GET', path = '/healthz', headers = [['Host', host]], body }: RawAsking,
): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; text: string }> {
  const [hostname, port] = host.split(':');
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ['Content-Length', `${Buffer.byteLength(body)}`];
    const rawHeaders = [...headers.flat(), ...length];
    const sending = httpRequest(
      { hostname, port, method, path, setHost: false, headers: rawHeaders, agent: false },
      async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}
