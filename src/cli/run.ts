/** One command line, from its words to its exit code. */
import { exitCodes } from '../outcome.ts';
import { createContext } from './context.ts';
import type { Io } from './io.ts';
import { type Problem, problemJson, problemOf, problemText } from './problem.ts';
import { parseCall, wantsJson } from './program.ts';
import type { Root } from './root.ts';
import { jsonText } from './sanitize.ts';
import { styleFor } from './style.ts';
import type { Result } from './verb.ts';

/** Width of help where nobody says how wide it is. */
const helpColumns = 80;

/** Carries out a command line and answers its exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: Io, root: Root): Promise<number> {
  const isJson = wantsJson(argv);
  try {
    return await perform(argv, io, root);
  } catch (thrown) {
    return sayProblem(problemOf(thrown), io, isJson);
  }
}

async function perform(argv: readonly string[], io: Io, root: Root): Promise<number> {
  const columns = io.stdout.columns ?? helpColumns;
  const help = { write: (text: string) => io.stdout.write(text), columns };
  const call = await parseCall(argv, help, root.version);
  if (call === undefined) return exitCodes.done;
  const { context, close } = createContext(call, io, root);
  try {
    // Said before the board is closed: answers read from it when they are put into words.
    return await say(await call.verb.run(context, call.input), io, context.isJson);
  } finally {
    await close();
  }
}

async function say(result: Result, io: Io, isJson: boolean): Promise<number> {
  if (result.refused) return sayProblem(problemOf(result), io, isJson);
  const { json, text, notes = [], exit = exitCodes.done } = result;
  if (isJson) {
    if (json !== undefined) await writeAnswer(json(), io);
    return exit;
  }
  if (text !== undefined) writeText(text(), io);
  for (const note of notes) io.stderr.write(`${note}\n`);
  return exit;
}

function sayProblem(problem: Problem, io: Io, isJson: boolean): number {
  if (isJson) writeJson(problemJson(problem), io);
  else io.stderr.write(problemText(problem, styleFor(io.stderr, io, true)));
  return problem.exit;
}

/** Longest piece of a long answer, in characters, unless one of its parts alone is longer. */
const pieceChars = 65_536;

/** For programs a long list is written as it is put into words: there may be no text as long. */
async function writeAnswer(value: unknown, io: Io): Promise<void> {
  if (!Array.isArray(value) || io.stdout.isTerminal) return writeJson(value, io);
  let piece = '[';
  for (const [index, item] of value.entries()) {
    piece += `${index === 0 ? '' : ','}${jsonText(item)}`;
    if (piece.length < pieceChars) continue;
    io.stdout.write(piece);
    await io.stdout.drained?.();
    piece = '';
  }
  io.stdout.write(`${piece}]\n`);
}

/** People read JSON in lines; programs want it short. */
function writeJson(value: unknown, io: Io): void {
  io.stdout.write(`${jsonText(value, io.stdout.isTerminal ? 2 : undefined)}\n`);
}

function writeText(text: string, io: Io): void {
  if (text !== '') io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
