/** Every bug that can be planted. The simulation must find each of them. */
import type { Bug } from './bug.ts';
import { clusterBugs } from './bugs/cluster-bugs.ts';
import { hostBugs } from './bugs/host-bugs.ts';
import { logBugs } from './bugs/log-bugs.ts';
import { ruleBugs } from './bugs/rule-bugs.ts';

/** All of them. */
export const bugs: readonly Bug[] = [...logBugs, ...clusterBugs, ...hostBugs, ...ruleBugs];

/** The bug of a name; throws with all the names when there is none. */
export function bugNamed(name: string): Bug {
  const bug = bugs.find((each) => each.name === name);
  if (bug !== undefined) return bug;
  throw new Error(
    `There is no bug ${name}; there are ${bugs.map((each) => each.name).join(', ')}.`,
  );
}
