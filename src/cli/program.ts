/** The command line as commander sees it: global options, and verbs that are loaded when named. */
import { Command, Option } from 'commander';
import { atOption, atOptionOf, looksBack, refuseMoments } from './at-option.ts';
import { boardDefault } from './board-place.ts';
import type { OptionWords, VerbWords } from './completion-script.ts';
import { logOption, refuseFile } from './log-option.ts';
import { type ManifestEntry, manifest } from './manifest.ts';
import type { PastMoment } from './past-moment.ts';
import { UsageError } from './usage-error.ts';
import type { Input, Verb } from './verb.ts';

/** Options that every verb takes. */
export interface GlobalOptions {
  readonly board?: string;
  readonly json?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly as?: string;
  readonly config?: string;
  readonly log?: string;
  readonly at?: readonly PastMoment[];
}

/** A command line, understood. */
export interface Call {
  readonly name: string;
  readonly verb: Verb;
  readonly input: Input<unknown>;
  readonly globals: GlobalOptions;
}

/** Where commander prints help, and how wide. */
export interface HelpSink {
  write(text: string): void;
  readonly columns: number;
}

/**
 * Understands a command line. Undefined when it asked for help, which is then written. Throws
 * `CommanderError` or `UsageError` when it makes no sense.
 */
export async function parseCall(
  words: readonly string[],
  sink: HelpSink,
  version: string,
): Promise<Call | undefined> {
  let call: Call | undefined;
  const argv = helpFirst(words);
  const entries = entriesFor(argv);
  const named = entries.length === 1 ? await entries[0]?.load() : undefined;
  const program = createProgram(sink, version, named);
  for (const option of atOptionOf(named)) program.addOption(option);
  program.hook('preSubcommand', async (_program, command) => {
    const verb = await entryNamed(command.name()).load();
    const given = program.opts<GlobalOptions>();
    refuseMoments(command.name(), verb, given.at);
    refuseFile(command.name(), verb, given);
    declare(command, verb);
    command.action(() => {
      const globals = program.opts<GlobalOptions>();
      const input = { args: command.args, options: command.opts() };
      call = { name: command.name(), verb, input, globals };
    });
  });
  for (const entry of entries) addVerb(program, entry);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (hasCode(error, 'commander.help')) throw noVerb();
    if (!isHelp(error)) throw error;
  }
  return call;
}

/** Whether the answer should be JSON; asked before the command line is understood. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json');
}

/** Every verb with its options, for completion: the one thing that loads them all. */
export async function describeVerbs(): Promise<readonly VerbWords[]> {
  const program = createProgram({ write: () => {}, columns: 80 }, '');
  const described: VerbWords[] = [];
  for (const { name, summary, load } of manifest) {
    const command = new Command(name);
    const verb = await load();
    verb.configure(command);
    const past = looksBack(verb) ? [atOption()] : [];
    const options = [...command.options, ...past, ...program.options].map(wordsOf);
    described.push({ name, summary, options });
  }
  return described;
}

function wordsOf(option: Option): OptionWords {
  const { long, description, argChoices = [] } = option;
  return { flag: long ?? option.flags, description, choices: argChoices };
}

function createProgram(sink: HelpSink, version: string, named?: Verb): Command {
  const boardHelp = `board: a slug or a directory (env LOGBOARD_BOARD, default ${boardDefault})`;
  return new Command('logboard')
    .description('An event-sourced task board for fleets of worker processes.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addOption(new Option('--board <board>', boardHelp))
    .addOption(new Option('--json', 'answer in JSON, errors too'))
    .addOption(new Option('--as <name>', 'act under this name (env LOGBOARD_ACTOR, default $USER)'))
    .addOption(new Option('--config <file>', 'configuration (env LOGBOARD_CONFIG)'))
    .addOption(logOption(named))
    .addOption(new Option('--no-color', 'no colours (env NO_COLOR)'))
    .configureHelp({ showGlobalOptions: true, sortOptions: false })
    .configureOutput({
      writeOut: (text) => sink.write(text),
      // Errors are thrown, and said in one way by whoever catches them.
      writeErr: () => {},
      getOutHelpWidth: () => sink.columns,
    })
    .exitOverride();
}

/** Room for an example, in columns. */
const exampleColumns = 80;

/** Options of ours that take the next word. */
const withValue: ReadonlySet<string> = new Set(['--board', '--as', '--config', '--at', '--log']);

/** Only the verb that is named, because commander takes its time for each; all when none is. */
function entriesFor(argv: readonly string[]): readonly ManifestEntry[] {
  const named = argv[verbAt(argv)] ?? '';
  const entry = manifest.find(({ name, aliases }) => [name, ...aliases].includes(named));
  return entry === undefined ? manifest : [entry];
}

/** Where the verb stands among the words; -1 when none is named. */
function verbAt(argv: readonly string[]): number {
  return argv.findIndex(
    (word, index) => !word.startsWith('-') && !withValue.has(argv[index - 1] ?? ''),
  );
}

function addVerb(program: Command, { name, aliases, summary, group }: ManifestEntry): void {
  program
    .command(name)
    .aliases([...aliases])
    .summary(summary)
    .description(summary)
    .helpGroup(`${group}:`);
}

function declare(command: Command, verb: Verb): void {
  verb.configure(command);
  command.addHelpText('after', ['', 'Examples:', ...exampleLines(verb.examples)].join('\n'));
}

/** What an example does stands beside it where there is room, and above it elsewhere. */
function exampleLines(examples: Verb['examples']): readonly string[] {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.map(([line, does]) => `  $ ${line.padEnd(width)}  # ${does}`);
  if (beside.every((line) => line.length <= exampleColumns)) return beside;
  return examples.flatMap(([line, does]) => [`  # ${does}`, `  $ ${line}`]);
}

function entryNamed(name: string): ManifestEntry {
  const entry = manifest.find((each) => each.name === name);
  if (entry === undefined) throw new Error(`the manifest has no verb ${name}`);
  return entry;
}

/** `help create` is `create --help`, and nothing at all asks for help. */
function helpFirst(argv: readonly string[]): readonly string[] {
  if (argv.length === 0) return ['--help'];
  const verb = verbAt(argv);
  if (argv[verb] !== 'help') return argv;
  return [...argv.toSpliced(verb, 1), '--help'];
}

function isHelp(error: unknown): boolean {
  return hasCode(error, 'commander.helpDisplayed') || hasCode(error, 'commander.version');
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { readonly code?: unknown }).code === code;
}

/** Options alone ask for nothing; whoever gave them may read JSON, which no help is. */
function noVerb(): UsageError {
  return new UsageError(
    'No verb is named: nothing is asked for.',
    'Name one, as in `logboard list --json`; `logboard --help` lists them all.',
  );
}
