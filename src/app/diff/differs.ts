/** Whether two values of plain data say something different. */

/** Compares by content; the order of an object's keys says nothing. */
export function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) !== JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(ordered);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}
