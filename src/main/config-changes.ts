/** What is different between two configurations, key by key. */
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config.ts';
import type { JsonObject } from '../domain/limits.ts';

/**
 * Keys that a running program does not take over, since its board was opened by them. What has no
 * key (addresses, ports, where the board is) stands on the command line or in the environment.
 */
const restartKeys = {
  log: (config: Config) => config.log,
  'privacy.encrypt': (config: Config) => config.encrypt,
} as const;

/** The changes that take effect at once: settings with both values, and workers by their names. */
export function changesBetween(before: Config, after: Config): readonly JsonObject[] {
  return [
    ...settingChanges(before, after),
    ...capabilityChanges(before, after),
    ...workerChanges(before, after),
  ];
}

/** The keys whose values take effect only in a program that is started anew. */
export function keysForRestart(running: Config, written: Config): readonly string[] {
  return Object.entries(restartKeys)
    .filter(([, valueIn]) => valueIn(running) !== valueIn(written))
    .map(([key]) => key);
}

function settingChanges(before: Config, after: Config): JsonObject[] {
  const keys = Object.keys(after.policy) as (keyof Config['policy'])[];
  return keys
    .filter((key) => before.policy[key] !== after.policy[key])
    .map((key) => ({ key, from: before.policy[key], to: after.policy[key] }));
}

function capabilityChanges(before: Config, after: Config): JsonObject[] {
  const [from, to] = [[...before.capabilities], [...after.capabilities]];
  return isDeepStrictEqual(from, to) ? [] : [{ key: 'capabilities', from, to }];
}

function workerChanges({ workers: before }: Config, { workers: after }: Config): JsonObject[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((worker) => {
    if (isDeepStrictEqual(before[worker], after[worker])) return [];
    if (before[worker] === undefined) return [{ worker, change: 'added' }];
    return [{ worker, change: after[worker] === undefined ? 'removed' : 'changed' }];
  });
}
