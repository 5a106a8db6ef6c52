/** Where the door may be: at this machine's own address, or a file only its owner can open. */
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type KnownName, knownName, type Origins, originsOf } from './origins.ts';

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
      /** `name:port` under which others reach this door, or an origin: `https://name`. */
      readonly knownAs?: readonly string[];
    };

/** A door that listens. */
export interface Listened {
  /** Where this machine finds it; of a socket file, its path. */
  readonly address: string;
  /** What to open in a browser: the same, or the origin that a proxy gives it. */
  readonly page: string;
  readonly origins: Origins;
  /** Undefined of a socket file. */
  readonly port: number | undefined;
  /** The port that was asked for, where another one had to do: somebody else listens there. */
  readonly portTaken?: number;
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
      'Stay at 127.0.0.1 and reach it through ssh -L, or through a proxy with TLS and ' +
        '--known-as https://board.example.org; or add --allow-remote, knowing that.',
    );
  }
  if (everywhere.includes(host) && knownAs.length === 0) {
    throw new DoorRefused(
      'address_not_allowed',
      `Nobody could ask for ${host}: every request has to name the one that it asks.`,
      'Say under which name others reach it: --known-as board.lan:4747.',
    );
  }
  const known = knownAs.map(nameOf);
  const { port, ...instead } = await bind(server, where);
  const at = (name: string) => nameOf(`${inUrl(name)}:${port}`);
  const own = (everywhere.includes(host) ? loopback : [...loopback, host]).map(at);
  const { origin: address } = (!loopback.includes(host) && known[0]) || at(host);
  const page = known.find(({ origin }) => origin.startsWith('https:'))?.origin ?? address;
  return { address, page, origins: originsOf([...own, ...known]), port, ...instead };
}

function nameOf(text: string): KnownName {
  const name = knownName(text);
  if (name !== undefined) return name;
  throw new DoorRefused(
    'address_not_allowed',
    `Nobody can know this door as ${text}: that is neither a name nor an origin.`,
    'Say board.lan:4747 or https://board.example.org, without a path.',
  );
}

async function bind(
  server: Server,
  { host, port, orAnyPort }: Exclude<Listening, { socket: string }>,
): Promise<{ readonly port: number; readonly portTaken?: number }> {
  const bound = () => (server.address() as AddressInfo).port;
  try {
    await listening(server, { host, port });
    return { port: bound() };
  } catch (fault) {
    if (codeOf(fault) !== 'EADDRINUSE') throw fault;
    if (!orAnyPort)
      throw inUse(`Port ${port}`, 'Choose another with --port, or any with --port 0.');
    await listening(server, { host, port: 0 });
    return { port: bound(), portTaken: port };
  }
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
  return { address: path, page: path, origins: originsOf([nameOf('localhost')]), port: undefined };
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
