/** Copies boards between directories and clusters. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyPlace, Upkeep } from '../cli/upkeep.ts';
import { copyLog } from '../log/copying/copy.ts';
import { LogUnavailable } from '../log/event-log.ts';
import type { Trouble } from '../log/eventstoredb/fault.ts';
import { type ClusterPlace, clusterPlace } from '../log/eventstoredb/place.ts';
import { openDirectoryTarget } from '../log/sqlite/open-copy-target.ts';
import { openSqliteLog, type SqliteLogDeps } from '../log/sqlite/sqlite-log.ts';
import { rememberedCluster } from './board-log.ts';

/** What copying works with. */
export interface CopyParts {
  readonly home: string;
  readonly log: SqliteLogDeps;
}

/** One end of a copy. */
interface Side {
  /** The place as people know it, without a password. */
  readonly label: string;
  /** The board directory; of a cluster, where its events are kept while they are compared. */
  readonly directory: string;
  readonly cluster: ClusterPlace | undefined;
}

/** The part of upkeep that copies boards. */
export function createCopying({ home, log: machine }: CopyParts): Pick<Upkeep, 'copy'> {
  /** A board on a cluster that is named nowhere is called like the directory at the other end. */
  function sideOf({ directory, url }: CopyPlace, other: CopyPlace, what: 'from' | 'to'): Side {
    if (url !== undefined) return onCluster(url, other.directory ?? '', what);
    const known = rememberedCluster(directory);
    if (known !== undefined) return onCluster(known, directory, what);
    return { label: directory, directory, cluster: undefined };
  }

  function onCluster(url: string, namedAfter: string, what: 'from' | 'to'): Side {
    const cluster = clusterPlace(url, namedAfter);
    const label = `${cluster.label}?board=${cluster.board}`;
    const name = createHash('sha256').update(`${what} ${label}`).digest('hex').slice(0, 16);
    return { label, directory: join(home, 'copying', name), cluster };
  }

  async function openSource({ directory, cluster }: Side) {
    if (cluster === undefined) {
      return openSqliteLog(directory, machine, { mode: 'read', create: false });
    }
    const { openClusterLog } = await import('../log/eventstoredb/open.ts');
    let trouble: Trouble | undefined;
    const onTrouble = (found: Trouble) => {
      trouble ??= found;
    };
    const log = await openClusterLog(urlOf(cluster), directory, machine, {
      mode: 'read',
      onTrouble,
    });
    if (trouble === undefined) return log;
    // What an earlier copy has left here is not all there is.
    await log.close();
    throw new LogUnavailable(trouble.message, { ...trouble, retryable: true });
  }

  async function openTarget({ directory, cluster }: Side, epoch: string) {
    if (cluster === undefined) return openDirectoryTarget(directory, epoch, machine);
    const { openClusterTarget } = await import('../log/eventstoredb/open-copy-target.ts');
    return openClusterTarget(cluster, directory, epoch, machine);
  }

  return {
    async copy(from, to, tell) {
      const [source, target] = [sideOf(from, to, 'from'), sideOf(to, from, 'to')];
      const copied = await closing(await openSource(source), async (log) => {
        const { epoch } = log;
        return closing(await openTarget(target, epoch), async (there) => ({
          ...(await copyLog(log, there, tell)),
          epoch,
        }));
      });
      await Promise.all([source, target].map(forget));
      const { head, from: base, sourceAt, epoch } = copied;
      const ends = { from: source.label, to: target.label };
      return { ...ends, epoch, ...head, wasAt: base, sourceAt };
    },
  };
}

/** The connection string with the board's name in it. */
function urlOf({ url, board }: ClusterPlace): string {
  return `${url}${url.includes('?') ? '&' : '?'}board=${board}`;
}

async function closing<C extends { close(): Promise<void> }, T>(
  opened: C,
  work: (opened: C) => Promise<T>,
): Promise<T> {
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Takes the events of a cluster away that were kept here; a copy that is broken off needs them. */
async function forget({ directory, cluster }: Side): Promise<void> {
  if (cluster !== undefined) await rm(directory, { recursive: true, force: true });
}
