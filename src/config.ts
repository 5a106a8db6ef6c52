/**
 * The configuration: flags over environment over file over defaults, each value with its origin.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { type WorkerDefinition, workerDefinitionSchema } from './dispatcher/worker-definition.ts';
import { isClusterUrl, withoutUser } from './domain/cluster-url.ts';
import { parseDurationMs } from './domain/duration.ts';
import { parseInWords } from './domain/issues.ts';
import { durationMsMax } from './domain/limits.ts';
import { defaultPolicy, type Policy, policySchema } from './domain/policy.ts';
import { didYouMean } from './nearest.ts';

/** Where a value came from; the later in this list, the stronger. */
export type Origin = 'default' | 'file' | 'environment' | 'flag';

/** One key as `logboard config list --origin` shows it. */
export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The variable that sets it, or would. */
  readonly environmentName: string;
}

/** Everything the configuration says, checked. */
export interface Config {
  readonly policy: Policy;
  readonly workers: Readonly<Record<string, WorkerDefinition>>;
  /** What this host offers; worker definitions may require it. */
  readonly capabilities: readonly string[];
  /** Whether the text of new tasks is encrypted; undefined where nothing is said. */
  readonly encrypt: boolean | undefined;
  /** The cluster that the board lives on (`esdb://…`, maybe with a password), if it does. */
  readonly log: string | undefined;
  readonly settings: readonly Setting[];
  /** What was passed over, in sentences; nothing depends on it. */
  readonly warnings: readonly string[];
  /** The file that was read; undefined when there is none. */
  readonly file: string | undefined;
}

/** What to read the configuration from. */
export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the search for `logboard.yaml` begins; it goes upwards from here. */
  readonly directory: string;
  /** A file named by flag; otherwise LOGBOARD_CONFIG, otherwise the search. */
  readonly file?: string | undefined;
  readonly flags?: Readonly<Record<string, unknown>>;
  /** What stands in the file, where somebody has read it already. */
  readonly text?: string;
}

/** The configuration is malformed: which key, where, and what was probably meant. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad_config';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The file people write. */
export const configFileName = 'logboard.yaml';

const policyKeys = Object.keys(policySchema.shape) as (keyof Policy)[];
const fileKeys: readonly string[] = [...policyKeys, 'workers', 'capabilities', 'privacy', 'log'];

/** Reads, checks and layers the configuration. Throws `ConfigError`. */
export function loadConfig(sources: ConfigSources): Config {
  const path = fileOf(sources);
  const file = path === undefined ? {} : readFile(path, sources.text);
  const limits = policyKeys.map((key) => setting(key, file, sources));
  const privacy = encryptSetting(file['privacy'], path, sources.environment);
  const log = logNamed(file['log'], path, sources.environment);
  return {
    policy: policySchema.parse(Object.fromEntries(limits.map((each) => [each.key, each.value]))),
    workers: workers(file['workers'], path),
    capabilities: capabilities(file['capabilities'], path),
    // Unsaid, it is for the board to remember: a worker has another configuration, or none.
    encrypt: privacy.origin === 'default' ? undefined : privacy.value === true,
    log: log.value,
    settings: [...limits, privacy, logSetting(log)],
    warnings: limits.flatMap((each) => passedOver(each, sources)),
    file: path,
  };
}

/** `privacy: { encrypt: true }`, the one setting that is no limit and has a section of its own. */
function encryptSetting(
  section: unknown,
  path: string | undefined,
  environment: ConfigSources['environment'],
): Setting {
  const [key, name] = ['privacy.encrypt', 'LOGBOARD_PRIVACY_ENCRYPT'];
  const said = environment[name] || undefined;
  const [origin, where, raw] =
    said === undefined
      ? (['file', `${path}: ${key}`, encryptIn(section, path)] as const)
      : (['environment', name, said] as const);
  if (raw === undefined) return { key, value: false, origin: 'default', environmentName: name };
  const value = { true: true, false: false }[String(raw)];
  if (value !== undefined) return { key, value, origin, environmentName: name };
  throw new ConfigError(
    `Cannot use ${where} = ${JSON.stringify(raw)}: it must be true or false.`,
    examplePrivacy,
  );
}

function encryptIn(section: unknown, path: string | undefined): unknown {
  if (section === undefined || section === null) return undefined;
  if (typeof section !== 'object' || Array.isArray(section)) {
    throw new ConfigError(`${path}: privacy must be a map.`, examplePrivacy);
  }
  const unknown = Object.keys(section).find((key) => key !== 'encrypt');
  if (unknown !== undefined) {
    throw new ConfigError(
      `${path}: unknown key privacy.${unknown}.`,
      didYouMean(unknown, ['encrypt']),
    );
  }
  return (section as { encrypt?: unknown }).encrypt ?? undefined;
}

const examplePrivacy = 'For example: `privacy: { encrypt: true }`.';

interface LogNamed {
  readonly value: string | undefined;
  readonly origin: Origin;
}

const logVariable = 'LOGBOARD_LOG';

/** `log: esdb://…`, where boards live that outgrow one machine. */
function logNamed(
  raw: unknown,
  path: string | undefined,
  environment: ConfigSources['environment'],
): LogNamed {
  const said = environment[logVariable] || undefined;
  const [origin, where, value] =
    said === undefined
      ? (['file', `${path}: log`, raw ?? undefined] as const)
      : (['environment', logVariable, said] as const);
  if (value === undefined) return { value, origin: 'default' };
  if (typeof value === 'string' && isClusterUrl(value)) return { value, origin };
  throw new ConfigError(
    `Cannot use ${where}: it must be the connection string of a cluster.`,
    'For example: `log: esdb://node-1:2113,node-2:2113,node-3:2113`. Leave it out to stay here.',
  );
}

/** What may be shown: no user, no password. */
function logSetting({ value, origin }: LogNamed): Setting {
  const shown = value === undefined ? null : withoutUser(value);
  return { key: 'log', value: shown, origin, environmentName: logVariable };
}

/** `claimTtlMs` is set by LOGBOARD_CLAIM_TTL_MS. */
export function environmentName(key: string): string {
  return `LOGBOARD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function fileOf({ directory, environment, file }: ConfigSources): string | undefined {
  const named = file ?? (environment['LOGBOARD_CONFIG'] || undefined);
  return named === undefined ? search(directory) : resolve(directory, named);
}

function search(directory: string): string | undefined {
  for (let here = directory; ; here = dirname(here)) {
    const candidate = join(here, configFileName);
    if (existsSync(candidate)) return candidate;
    if (dirname(here) === here) return undefined;
  }
}

type FileValues = Readonly<Record<string, unknown>>;

function readFile(path: string, text = readText(path)): FileValues {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line } = lineCounter.linePos(problem.pos[0]);
    throw new ConfigError(`${path}:${line}: ${firstLine(problem.message)}`, 'Correct the YAML.');
  }
  if (document.contents === null) return {};
  if (!isMap(document.contents)) {
    throw new ConfigError(`${path} does not hold a map of keys.`, 'Write `key: value` lines.');
  }
  for (const { key } of document.contents.items) {
    if (!isScalar(key) || fileKeys.includes(String(key.value))) continue;
    const { line } = lineCounter.linePos(key.range?.[0] ?? 0);
    throw new ConfigError(
      `${path}:${line}: unknown key ${key.value}.`,
      didYouMean(String(key.value), fileKeys),
    );
  }
  return valuesOf(document, path);
}

/** Fails on aliases that would unfold into more than any memory holds. */
function valuesOf(document: Document, path: string): FileValues {
  try {
    return document.toJS() as FileValues;
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Cannot read ${path}: ${found}.`, 'Write the values out.');
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Cannot read ${path}: ${found}`, 'Name a file that can be read.');
  }
}

function setting(key: keyof Policy, file: FileValues, sources: ConfigSources): Setting {
  const variable = variableFor(key, sources.environment);
  const layers: readonly (readonly [Origin, unknown])[] = [
    ['flag', sources.flags?.[key]],
    ['environment', variable.value],
    ['file', file[key]],
  ];
  const [origin, raw] = layers.find(([, value]) => value !== undefined) ?? ['default', undefined];
  const parsed = parseInWords(policySchema.shape[key], convert(key, raw));
  if (!parsed.success) {
    const where = origin === 'environment' ? variable.name : key;
    const problem = parsed.error.issues[0]?.message ?? 'is malformed';
    throw new ConfigError(
      `Cannot use ${where} = ${JSON.stringify(raw)}: it ${problem}.`,
      hintFor(key),
    );
  }
  return { key, value: parsed.data, origin, environmentName: variable.name };
}

/** The crash grace also goes by the name and the unit that other boards gave it. */
const crashGraceSeconds = 'LOGBOARD_CRASH_GRACE_SECONDS';

/** The variable that speaks of a setting, and what it says; the name in ms is the stronger. */
function variableFor(
  key: keyof Policy,
  environment: ConfigSources['environment'],
): { readonly name: string; readonly value: unknown } {
  const name = environmentName(key);
  const value = environment[name] || undefined;
  if (value !== undefined || key !== 'crashGraceMs') return { name, value };
  const ms = wholeSecondsMs(environment[crashGraceSeconds] ?? '');
  return ms === undefined ? { name, value } : { name: crashGraceSeconds, value: ms };
}

/** Undefined for everything that is no number of seconds a board could wait. */
function wholeSecondsMs(text: string): number | undefined {
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : Number.POSITIVE_INFINITY;
  return ms <= durationMsMax ? ms : undefined;
}

/**
 * A malformed number of seconds counts as not said, so that nothing that worked elsewhere fails
 * here; but it is told, since somebody meant something by it.
 */
function passedOver({ key, value, environmentName: name }: Setting, sources: ConfigSources) {
  const text = sources.environment[crashGraceSeconds];
  const isHeard = key === 'crashGraceMs' && !sources.environment[environmentName(key)];
  if (!isHeard || text === undefined || name === crashGraceSeconds) return [];
  const said = JSON.stringify(text.slice(0, 40));
  return [`${crashGraceSeconds} = ${said} is no whole number of seconds: ${key} stays ${value}`];
}

/** Text from a variable, a flag or YAML becomes a number where the key wants one. */
function convert(key: string, raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  const duration = key.endsWith('Ms') ? parseDurationMs(raw) : undefined;
  if (duration !== undefined) return duration;
  return /^-?\d+$/.test(raw) ? Number(raw) : raw;
}

/** `config list` is no help here: it reads the same value, and stops at it. */
function hintFor(key: keyof Policy): string {
  if (key.endsWith('Ms')) return 'Give milliseconds, or a duration such as 90s, 5m or 2h.';
  const usual = defaultPolicy[key];
  return usual === null
    ? 'Give the name of an assignee, or leave it out.'
    : `Give a whole number, or leave it out: then it is ${usual}.`;
}

function workers(raw: unknown, path: string | undefined): Config['workers'] {
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new ConfigError(`${path}: workers must be a map of assignees.`, exampleWorker);
  }
  const entries = Object.entries(raw).map(([assignee, definition]) => {
    const parsed = parseInWords(workerDefinitionSchema, definition);
    if (parsed.success) return [assignee, parsed.data] as const;
    const issue = parsed.error.issues[0];
    const where = ['workers', assignee, ...(issue?.path ?? [])].join('.');
    throw new ConfigError(`${path}: ${where}: ${issue?.message ?? 'malformed'}.`, exampleWorker);
  });
  return Object.fromEntries(entries);
}

const exampleWorker =
  'A worker looks like this: `build: { run: [make, -C, /srv/app], onExit: { 0: complete } }`.';

function capabilities(raw: unknown, path: string | undefined): readonly string[] {
  if (raw === undefined || raw === null) return [];
  if (Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return raw;
  throw new ConfigError(`${path}: capabilities must be a list of names.`, 'For example: [gpu].');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
