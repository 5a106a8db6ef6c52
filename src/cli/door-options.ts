/** Options of `serve`: where its HTTP door is. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collectList, wholeNumber } from './parsers.ts';
import type { DoorWanted } from './root.ts';

/** What these options come to. */
export interface DoorOptions {
  readonly port?: number;
  readonly socket?: string;
  readonly host?: string;
  readonly allowRemote?: true;
  readonly knownAs?: readonly string[];
  /** False with `--no-http`. */
  readonly http: boolean;
}

/** Where the door is when nobody says otherwise and nothing else is there. */
const portDefault = 4747;

/** What goes with an address, and means nothing without one. */
const withAddress = ['port', 'host', 'allowRemote', 'knownAs'];

/** Declares the options. */
export function declareDoorOptions(command: Command): Command {
  return command
    .option('--port <n>', `HTTP on this port, 0: any that is free; default ${portDefault}`, port)
    .addOption(
      new Option('--socket <path>', 'HTTP on a socket file instead').conflicts(withAddress),
    )
    .option('--host <address>', 'address to listen at; default 127.0.0.1')
    .option('--allow-remote', 'with --host: others may reach it, with a token')
    .option(
      '--known-as <name>',
      'host:port that it is reached under, or https://host of a proxy; repeat it',
      collectList,
    )
    .addOption(new Option('--no-http', 'only dispatch').conflicts([...withAddress, 'socket']));
}

/** Where the door is to be; undefined where there is to be none. */
export function doorWanted(options: DoorOptions, directory: string): DoorWanted | undefined {
  if (!options.http) return undefined;
  if (options.socket !== undefined) return { socket: resolve(directory, options.socket) };
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? portDefault,
    orAnyPort: options.port === undefined,
    allowRemote: options.allowRemote ?? false,
    knownAs: options.knownAs ?? [],
  };
}

function port(text: string): number {
  const value = wholeNumber(text);
  if (value < 0 || value > 65_535) throw new InvalidArgumentError('A port is 0 to 65535.');
  return value;
}
