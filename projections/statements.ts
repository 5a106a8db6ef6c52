/** Questions whose conditions vary: put together from constant parts, prepared once each. */

/** What a question is bound to, by name. */
export type Bindings = Readonly<Record<string, string | number | null>>;

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
