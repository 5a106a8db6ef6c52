/**
 * When questions are prepared, and those whose conditions vary: they are put together from constant
 * parts.
 */

/** What a question is bound to, by name. */
export type Bindings = Readonly<Record<string, string | number | null>>;

/** Prepares something the first time it is needed, and answers the same from then on. */
export function whenAsked<Prepared>(prepare: () => Prepared): () => Prepared {
  let prepared: Prepared | undefined;
  return () => {
    prepared ??= prepare();
    return prepared;
  };
}

/** Prepares SQL the first time it is asked for, and answers the same preparation from then on. */
export function onceEach<Prepared>(prepare: (sql: string) => Prepared): (sql: string) => Prepared {
  const prepared = new Map<string, Prepared>();
  return (sql) => {
    const known = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, known);
    return known;
  };
}

/** `WHERE` over those conditions that apply: a condition of false or undefined does not. */
export function where(conditions: readonly (string | false | undefined)[]): string {
  const applying = conditions.filter((condition) => typeof condition === 'string');
  return applying.length === 0 ? '' : `WHERE ${applying.join(' AND ')}`;
}
