/** Where the door may be: at this machine's own address, or a file only its owner can open. */
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** Where to listen. */
export type Listening =
  | { readonly socket: string }
  | {
      readonly host: string;
      /** 0: any that is free. */
      readonly port: number;
      /** With a port that is taken: any that is free. */
      readonly orAnyPort?: boolean;
      /** Other addresses than this machine's own were asked for, in so many words. */
      readonly allowRemote?: boolean;
      /** `name:port` under which others reach this door. */
      readonly knownAs?: readonly string[];
    };

/** A door that listens. */
export interface Listened {
  /** What to open in a browser; of a socket file, its path. */
  readonly address: string;
  /** Every `Host` a request may name. */
  readonly hosts: ReadonlySet<string>;
  /** Undefined of a socket file. */
  readonly port: number | undefined;
}

/** A door that was asked for where none may be. */
export class DoorRefused extends Error {
  override readonly name = 'DoorRefused';
  readonly code: 'address_not_allowed' | 'address_in_use';
  readonly hint: string;

  constructor(code: DoorRefused['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];
/** Every address of the machine: none that a request could name. */
const everywhere: readonly string[] = ['0.0.0.0', '::'];

/** Lets a server listen. Throws `DoorRefused`. */
export async function listen(server: Server, where: Listening): Promise<Listened> {
  if ('socket' in where) return listenAtFile(server, where.socket);
  const { host, allowRemote = false, knownAs = [] } = where;
  if (!loopback.includes(host) && !allowRemote) {
    throw new DoorRefused(
      'address_not_allowed',
      `Others could reach ${host}: only 127.0.0.1, ::1 and socket files are taken.`,
      'Reach it through ssh -L or a proxy with TLS; or add --allow-remote, knowing that.',
    );
  }
  if (everywhere.includes(host) && knownAs.length === 0) {
    throw new DoorRefused(
      'address_not_allowed',
      `Nobody could ask for ${host}: every request has to name the one that it asks.`,
      'Say under which name others reach it: --known-as board.lan:4747.',
    );
  }
  const port = await bind(server, where);
  const names = everywhere.includes(host) ? loopback : [...loopback, host];
  const own = names.map((name) => `${inUrl(name)}:${port}`);
  const hosts = new Set([...own, ...knownAs].map((each) => each.toLowerCase()));
  const shown = loopback.includes(host) ? inUrl(host) : (knownAs[0] ?? inUrl(host));
  const address = shown === knownAs[0] ? `http://${shown}` : `http://${shown}:${port}`;
  return { address, hosts, port };
}

async function bind(
  server: Server,
  { host, port, orAnyPort }: Exclude<Listening, { socket: string }>,
): Promise<number> {
  try {
    await listening(server, { host, port });
  } catch (fault) {
    if (codeOf(fault) !== 'EADDRINUSE') throw fault;
    if (!orAnyPort)
      throw inUse(`Port ${port}`, 'Choose another with --port, or any with --port 0.');
    await listening(server, { host, port: 0 });
  }
  return (server.address() as AddressInfo).port;
}

/** The file is made for its owner alone, and not made narrower afterwards. */
async function listenAtFile(server: Server, path: string): Promise<Listened> {
  if (isSocket(path)) {
    if (await answers(path)) throw inUse(path, 'Another server listens there.');
    rmSync(path);
  }
  const before = process.umask(0o177);
  try {
    const bound = listening(server, { path });
    process.umask(before);
    await bound;
  } finally {
    process.umask(before);
  }
  chmodSync(path, 0o600);
  return { address: path, hosts: new Set(['localhost']), port: undefined };
}

function listening(server: Server, at: { host: string; port: number } | { path: string }) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function inUse(what: string, hint: string): DoorRefused {
  return new DoorRefused('address_in_use', `${what} is taken.`, hint);
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function codeOf(fault: unknown): unknown {
  return (fault as { code?: unknown } | undefined)?.code;
}
