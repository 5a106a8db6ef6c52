/** Completion scripts, made from the verbs and options there are. */

/** A verb with the options it takes, global ones too. */
export interface VerbWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
}

/** An option, with the values it takes where they are a closed set. */
export interface OptionWords {
  /** Such as `--status`. */
  readonly flag: string;
  readonly description: string;
  readonly choices: readonly string[];
}

/** The shells we speak. */
export const shells = ['bash', 'zsh', 'fish'] as const;
/** One of them. */
export type Shell = (typeof shells)[number];

/** The script for a shell. */
export function completionScript(shell: Shell, verbs: readonly VerbWords[]): string {
  switch (shell) {
    case 'bash':
      return bash(verbs);
    case 'zsh':
      return zsh(verbs);
    case 'fish':
      return fish(verbs);
  }
}

function bash(verbs: readonly VerbWords[]): string {
  const cases = verbs.map(({ name, options }) => {
    const words = options.flatMap(({ flag, choices }) => [flag, ...choices]);
    return `    ${name}) words="${words.join(' ')}" ;;`;
  });
  return `# bash completion for logboard
_logboard() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words word
  words="${verbs.map(({ name }) => name).join(' ')}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
${cases.join('\n')}
      *) continue ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _logboard logboard
`;
}

function zsh(verbs: readonly VerbWords[]): string {
  const names = verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = verbs.map(({ name, options }) => {
    const words = options.map(({ flag, description, choices }) =>
      quoted(`${flag}[${bracketed(description)}]${zshValues(choices)}`),
    );
    return `    ${name}) _arguments ${[...words, "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef logboard
_logboard() {
  local -a verbs
  verbs=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
}
compdef _logboard logboard
`;
}

function zshValues(choices: readonly string[]): string {
  return choices.length > 0 ? `:value:(${choices.join(' ')})` : '';
}

function fish(verbs: readonly VerbWords[]): string {
  const lines = verbs.flatMap(({ name, summary, options }) => [
    `complete -c logboard -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...options.map(({ flag, description, choices }) => {
      const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : '';
      const seen = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return `complete -c logboard ${seen} -l ${flag.slice(2)} -d ${quoted(description)}${values}`;
    }),
  ]);
  return `# fish completion for logboard\n${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Brackets and colons mean something inside a zsh option. */
function bracketed(text: string): string {
  return text.replace(/[[\]:]/g, ' ');
}
