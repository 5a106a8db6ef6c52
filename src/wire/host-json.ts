/** A host as programs see it. These names are permanent: a new need is a new field. */
import type { SeenHost } from '../app/fleet.ts';
import { isoTime } from './iso-time.ts';

/** The host as one object; times are ISO. */
export function hostJson({ host, bootId, serving, assignees, running, lastSignAtMs }: SeenHost) {
  return {
    host,
    bootId,
    dispatchers: serving,
    assignees,
    running,
    lastSignAt: isoTime(lastSignAtMs),
  };
}
