/**
 * What every request must be before anybody looks at where it wants to go: made for this very
 * address, by a program or by our own page. Static files, streams and errors stand behind it too.
 */
import type { Origins } from './origins.ts';
import { doorProblem, type Problem } from './problem.ts';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Such as 1.1. */
  readonly httpVersion: string;
  /** The request target. */
  readonly target: string;
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly string[];
}

/** What the gate goes by. */
export interface GateRules {
  /** By `name:port` (or `name` for a socket file) of every address this door answers to. */
  readonly origins: Origins;
}

/** A path that can be read in one way only: nothing is escaped, and nothing climbs. */
const plainPath = /^(\/[\w-]+(\.[\w-]+)*)*\/?$/;
/** What tells of the board. */
const tellingPath = /^\/(api|metrics)(\/|$)/;

const reading = new Set(['GET', 'HEAD']);
const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Nothing else is taken: these cannot be sent by a form of another site. */
const contentTypes = /^application\/(json(;\s*charset=utf-8)?|octet-stream)$/i;

/** The first thing that is wrong with a request; undefined lets it in. */
export function gateProblem(request: RawRequest, { origins }: GateRules): Problem | undefined {
  const { method, target } = request;
  const [host, ...otherHosts] = valuesOf(request, 'host');
  const own = host === undefined ? undefined : origins.get(host.toLowerCase());
  if (own === undefined || otherHosts.length > 0) {
    return doorProblem('foreign_host', 'This is not the host that was asked for.', useAddress);
  }
  if (!target.startsWith('/')) {
    return doorProblem('bad_request', 'The request target is no path.', 'Send a path.');
  }
  const unclear = ambiguity(request);
  if (unclear !== undefined) return unclear;
  if (reading.has(method)) return isLink(request) ? undefined : foreign(request);
  if (!writing.has(method)) {
    const headers = { Allow: [...reading, ...writing].join(', ') };
    return doorProblem('method_not_allowed', 'No route takes this method.', useMethod, { headers });
  }
  return foreign(request) ?? unsigned(request, own) ?? wrongType(request);
}

const useAddress = 'Use the address that `logboard serve` printed.';
const useMethod = 'See /api/v1/openapi.json for the routes.';

/** What another program on the way might have understood otherwise is not understood at all. */
function ambiguity(request: RawRequest): Problem | undefined {
  const { method, httpVersion } = request;
  const encodings = valuesOf(request, 'transfer-encoding');
  const isPlainlyChunked = encodings.length === 1 && encodings[0]?.toLowerCase() === 'chunked';
  const [length = '0', ...otherLengths] = valuesOf(request, 'content-length');
  const hasBody = encodings.length > 0 || length !== '0';
  const found =
    (httpVersion !== '1.1' && httpVersion !== '1.0' && `it is HTTP/${httpVersion}`) ||
    (encodings.length > 0 && !isPlainlyChunked && 'its body is transferred in an unusual way') ||
    (otherLengths.length > 0 && 'it has two lengths') ||
    (reading.has(method) && hasBody && `a ${method} has no body`);
  if (!found) return undefined;
  const hint = 'Send a plain HTTP/1.1 request.';
  return doorProblem('bad_request', `The request is not clear: ${found}.`, hint);
}

/** Browsers say where a request comes from; nobody else's page has business here. */
function foreign(request: RawRequest): Problem | undefined {
  const [site = 'none'] = valuesOf(request, 'sec-fetch-site');
  return site === 'same-origin' || site === 'none' ? undefined : foreignOrigin();
}

/** A link of another site may lead people to our page; there is nothing it may fetch or embed. */
function isLink(request: RawRequest): boolean {
  const [mode] = valuesOf(request, 'sec-fetch-mode');
  const [path = ''] = request.target.split('?', 1);
  return mode === 'navigate' && plainPath.test(path) && !tellingPath.test(path);
}

/** A write names our own origin, or it shows a token, which no other page has. */
function unsigned(request: RawRequest, own: ReadonlySet<string>): Problem | undefined {
  const [origin, ...others] = valuesOf(request, 'origin');
  if (others.length > 0) return foreignOrigin();
  if (origin !== undefined) return own.has(origin.toLowerCase()) ? undefined : foreignOrigin();
  return valuesOf(request, 'authorization').length === 1 ? undefined : foreignOrigin();
}

function foreignOrigin(): Problem {
  const hint = 'Write from the page of this server, or show a token: Authorization: Bearer …';
  return doorProblem('foreign_origin', 'The request comes from another origin.', hint);
}

function wrongType(request: RawRequest): Problem | undefined {
  const types = valuesOf(request, 'content-type');
  const [length = '0'] = valuesOf(request, 'content-length');
  const hasBody = length !== '0' || valuesOf(request, 'transfer-encoding').length > 0;
  if (!hasBody && types.length === 0) return undefined;
  const [type = ''] = types;
  if (types.length === 1 && contentTypes.test(type) && isPlain(request)) return undefined;
  const hint = 'Send Content-Type: application/json, without an encoding.';
  return doorProblem('wrong_content_type', 'The body is of a type that is not taken.', hint);
}

/** Nothing is unpacked here: what is small when it comes is small when it is read. */
function isPlain(request: RawRequest): boolean {
  return valuesOf(request, 'content-encoding').length === 0;
}

function valuesOf({ rawHeaders }: RawRequest, wanted: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === wanted) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}
