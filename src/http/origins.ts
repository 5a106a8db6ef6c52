/**
 * Under which names a door is reached, and which origins the page has under each: `http` at the
 * door itself, and `https` where a proxy stands in front of it, which only the operator can know.
 */

/** Every `Host` a request may name, in small letters, with the origins of the page there. */
export type Origins = ReadonlyMap<string, ReadonlySet<string>>;

/** One name of a door. */
export interface KnownName {
  /** As a `Host` has it. */
  readonly host: string;
  /** As an `Origin` has it. */
  readonly origin: string;
}

/**
 * What `board.lan:4747` or `https://board.example.org` names. Undefined of an address that is more
 * than an origin, or of none.
 */
export function knownName(text: string): KnownName | undefined {
  const name = text.toLowerCase();
  if (!name.includes('://')) return { host: name, origin: `http://${name}` };
  if (!URL.canParse(name)) return undefined;
  const { protocol, host, origin, href } = new URL(name);
  const isOrigin = /^https?:$/.test(protocol) && href === `${origin}/`;
  return isOrigin ? { host, origin } : undefined;
}

/** The names of one door together; one host may have several origins. */
export function originsOf(names: readonly KnownName[]): Origins {
  const origins = new Map<string, Set<string>>();
  for (const { host, origin } of names) {
    origins.set(host, (origins.get(host) ?? new Set()).add(origin));
  }
  return origins;
}

/**
 * Whether an answer travels over TLS, so that what a browser is given may ask for it: by the origin
 * that the page says it has, which the gate has compared, else by what is known of the host.
 */
export function isOverTls(origins: Origins, { headers }: Pick<Request, 'headers'>): boolean {
  const said = headers.get('origin');
  const known = [...(origins.get(headers.get('host')?.toLowerCase() ?? '') ?? [])];
  const meant = said === null ? known : [said];
  return meant.length > 0 && meant.every((origin) => /^https:/i.test(origin));
}
