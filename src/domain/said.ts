/** Events carry only what was said: keys without a value are left out. */

/** A record without its undefined values, typed so that the keys are plainly optional. */
export type Said<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the keys whose value is undefined. */
export function said<T extends object>(values: T): Said<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Said<T>;
}
