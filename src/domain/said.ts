/** Events carry only what was said: keys without a value are left out. */

/** A record without its undefined values, typed so that the keys are plainly optional. */
export type Said<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the keys whose value is undefined. */
export function said<T extends object>(values: T): Said<T> {
  const kept: Partial<T> = {};
  for (const key of Object.keys(values) as (keyof T)[]) {
    if (values[key] !== undefined) kept[key] = values[key];
  }
  return kept as unknown as Said<T>;
}
