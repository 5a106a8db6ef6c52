/** One after the other where the names are the same, side by side where they are not. */

/** Does the work once everything before it in the lane is over, however that ended. */
export type InLane = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Lanes that exist while somebody is in them. */
export function createLanes(): InLane {
  const ends = new Map<string, Promise<unknown>>();

  return (name, work) => {
    const before = ends.get(name);
    const result = before === undefined ? work() : before.then(work, work);
    ends.set(name, result);
    const leave = () => {
      if (ends.get(name) === result) ends.delete(name);
    };
    result.then(leave, leave);
    return result;
  };
}
