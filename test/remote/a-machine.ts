/** A machine beside the board's, of which a test may make a part fail. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { openRemoteHost } from '../../src/main/remote-host.ts';
import type { RemoteHost, WorkOrder } from '../../src/remote/ports.ts';
import { work } from '../../src/remote/work.ts';
import type { OpenHouse } from '../http/a-door.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** Something that the worker told. */
export interface Told {
  readonly what: string;
  readonly [fact: string]: string | number;
}

/** What a worker there came to. */
export interface Worked {
  readonly taken: number;
  readonly told: readonly Told[];
}

/** The machine. */
export interface Machine {
  /** Where it keeps what it needs for the board; there is none before it has worked. */
  place(): string;
  /** Runs a script for as many tasks, one after the other. */
  work(script: string, how?: { tasks?: number; artifacts?: readonly string[] }): Promise<Worked>;
}

/**
 * A machine (by default a new one) with the token of a worker; `failing` takes the place of parts
 * of the real one.
 */
export async function aMachine(
  house: OpenHouse,
  failing: (host: RemoteHost) => Partial<RemoteHost> = () => ({}),
  home = tempDir(),
): Promise<Machine> {
  const told: Told[] = [];
  const { host, close } = await openRemoteHost(
    {
      home,
      environment: { PATH: process.env['PATH'] },
      directory: tempDir(),
      newKey: createIds({ clock: systemClock, randomBytes }).commandId,
      orphanGraceMs: 200,
    },
    house.door.address,
    (problem) => told.push({ what: 'fault', subject: 'host', problem: String(problem) }),
  );
  onTestFinished(close);
  return {
    place() {
      const [name = ''] = readdirSync(join(home, 'remote'));
      return join(home, 'remote', name);
    },
    async work(script, { tasks = 1, artifacts = [] } = {}) {
      const stopping = new AbortController();
      const order = { ...orderOf(house, script), artifacts };
      const taken = await work(
        order,
        { ...host, ...failing(host) },
        {
          stopped: stopping.signal,
          tell(what, facts) {
            told.push({ ...facts, what });
            if (told.filter((each) => each.what === 'ended').length === tasks) stopping.abort();
          },
        },
      );
      return { taken, told };
    },
  };
}

function orderOf(house: OpenHouse, script: string): WorkOrder {
  return {
    url: house.door.address,
    token: house.token('worker'),
    assignee: 'gpu',
    capabilities: [],
    run: ['sh', '-c', script],
    inherit: [],
    artifacts: [],
    max: 1,
    once: false,
    ttlMs: undefined,
    worker: undefined,
    logBytesMax: 1024 * 1024,
    killGraceMs: 200,
  };
}
