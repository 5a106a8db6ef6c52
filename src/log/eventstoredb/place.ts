/** Where a board is on a cluster: the connection string, and the board's name there. */
import { basename } from 'node:path';
import { withoutUser } from '../../domain/cluster-url.ts';
import { LogUnavailable } from '../event-log.ts';

/** A board on a cluster. */
export interface ClusterPlace {
  /** Connection string as the client takes it; it may hold a password. */
  readonly url: string;
  /** The same without user and password, for people. */
  readonly label: string;
  /** Name of the board on the cluster; every stream of it begins with this and a dot. */
  readonly board: string;
}

/** No dot: `a.` must not be the beginning of another board's names. */
const boardName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/**
 * Reads `esdb://user:password@host:port?tls=…&board=name`. Without `board` the board is called like
 * its directory. Throws `LogUnavailable` when that is no name, or the string asks for what a writer
 * cannot do with.
 */
export function clusterPlace(log: string, directory: string): ClusterPlace {
  const [address, query] = splitAddress(log.trim());
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  const isOurs = (parameter: string) => keyOf(parameter) === 'board';
  const named = parameters.findLast(isOurs);
  const board = named === undefined ? nameAfter(directory) : valueIn(named);
  if (!boardName.test(board)) throw badName(board);
  refusePreference(parameters.find((parameter) => keyOf(parameter) === 'nodepreference'));
  const rest = parameters.filter((parameter) => !isOurs(parameter));
  const url = rest.length > 0 ? `${address}?${rest.join('&')}` : address;
  return { url, label: withoutUser(address), board };
}

/** A password may hold a question mark, but what follows the last `@` does not. */
function splitAddress(log: string): readonly [address: string, query: string] {
  const hosts = log.lastIndexOf('@') + 1;
  const [behind = '', query = ''] = splitOnce(log.slice(hosts), '?');
  return [log.slice(0, hosts) + behind, query];
}

/** `./.logboard` and `boards/ops` are called `logboard` and `ops`. */
function nameAfter(directory: string): string {
  return basename(directory)
    .toLowerCase()
    .replace(/^\.+/, '')
    .replaceAll(/[^a-z0-9_-]/g, '-');
}

/** Keys ignore case, hyphens and underscores, as the client has them. */
function keyOf(parameter: string): string {
  const [key = ''] = splitOnce(parameter, '=');
  return key.trim().toLowerCase().replaceAll(/[-_]/g, '');
}

function valueIn(parameter: string): string {
  return decodeURIComponent(splitOnce(parameter, '=')[1] ?? '').trim();
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Followers and read-only replicas take no appends at an expected version. */
function refusePreference(parameter: string | undefined): void {
  if (parameter === undefined || valueIn(parameter).toLowerCase() === 'leader') return;
  throw new LogUnavailable(
    `The connection string asks for ${parameter}: only a leader takes writes`,
    {
      code: 'log_not_leader',
      hint: 'Leave nodePreference out of `log`, or say nodePreference=leader.',
      retryable: false,
    },
  );
}

function badName(board: string): LogUnavailable {
  return new LogUnavailable(`${JSON.stringify(board)} is no name for a board on a cluster`, {
    code: 'bad_board_name',
    hint: 'Add one of letters, digits, - and _ to `log`: esdb://…?board=ops.',
    retryable: false,
  });
}

/** The stream of the cluster in which a stream of the board is. */
export function clusterStream(board: string, stream: string): string {
  return `${board}.${stream}`;
}

/** What all streams of the board begin with on the cluster, and nothing else does. */
export function prefixOf(board: string): string {
  return `${board}.`;
}

/** The stream that says which history of the board this is; it is none of the board's own. */
export function storeStream(board: string): string {
  return `${board}:store`;
}
