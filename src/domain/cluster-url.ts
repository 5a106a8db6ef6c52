/** Connection strings of clusters, as text. */

/** Whether a log is named by the connection string of a cluster (`esdb://…`). */
export function isClusterUrl(log: string): boolean {
  return /^esdb(?:\+discover)?:\/\//.test(log);
}

/** A connection string as people may see it: without user and password. */
export function withoutUser(url: string): string {
  return url.replace(/\/\/.*@/, '//');
}
