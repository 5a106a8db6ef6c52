/** kill -9 at any moment loses nothing that was acknowledged, and leaves a board without a scar. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../src/app/board.ts';
import type { LogHead } from '../../src/log/event-log.ts';
import { openBoardAt } from '../../src/main.ts';
import { percentile } from '../bench/measure.ts';
import type { Verdict } from '../disk/attack.ts';
import { brokenInvariants } from '../trial/broken-invariants.ts';
import { type Chance, createChance } from '../trial/chance.ts';

/** How often to kill, and what. */
export interface CrashRequest {
  readonly rounds: number;
  readonly seed: number;
  /** The program that works on a board until it is killed: `loading-process`. */
  readonly program: string;
  /** An empty directory. */
  readonly directory: string;
  /** A death comes after so many acknowledgements at the most. Default 200. */
  readonly acksMax?: number;
  readonly onRound?: (done: number) => void;
}

/** Rounds that share a board: its log grows, and is opened again and again after a death. */
const roundsPerBoard = 10;

/** Acknowledgements before a death, where it is not said how many. */
const acksMaxUsual = 200;
/** How long after the start an early death comes at the most, ms. */
const startMsMax = 300;

/** What all rounds so far came to. */
class Tally {
  acknowledged = 0;
  lost = 0;
  doubleCompletions = 0;
  readonly restartMs: number[] = [];
  readonly broken: string[] = [];
}

/** Lets a program work on a board, kills it and looks, again and again. */
export async function crashAgainAndAgain(request: CrashRequest): Promise<Verdict> {
  const chance = createChance(request.seed);
  const tally = new Tally();
  for (let first = 0; first < request.rounds; first += roundsPerBoard) {
    const directory = join(request.directory, String(first));
    mkdirSync(directory, { mode: 0o700 });
    const last = Math.min(first + roundsPerBoard, request.rounds);
    let known: LogHead = { position: 0, hash: '' };
    for (let round = first; round < last; round += 1) {
      const args = [request.program, directory, String(round)];
      const acks = await killUnderLoad(args, chance, request.acksMax ?? acksMaxUsual);
      known = await examine(directory, { acks, known, tally, round });
      request.onRound?.(round + 1);
    }
    rmSync(directory, { recursive: true });
  }
  const { acknowledged, lost, doubleCompletions, restartMs, broken } = tally;
  return {
    figures: {
      kills: restartMs.length,
      acknowledged,
      lost,
      'double completions': doubleCompletions,
      'restart p50 in ms': Math.round(percentile(restartMs, 0.5)),
      'restart p99 in ms': Math.round(percentile(restartMs, 0.99)),
    },
    broken,
  };
}

/** Kills the program in the middle of its work; answers the positions it had acknowledged. */
async function killUnderLoad(
  args: readonly string[],
  chance: Chance,
  acksMax: number,
): Promise<readonly number[]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  // One death in four comes while the program starts and opens the board.
  const isEarly = chance.happens(0.25);
  const wanted = isEarly ? Number.POSITIVE_INFINITY : 1 + chance.below(acksMax);
  if (isEarly) setTimeout(kill, chance.below(startMsMax));
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > wanted) kill();
  });
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`The program ended by itself, with ${code ?? signal}`);
  // The last line may have been cut by the kill: only whole lines were said.
  return text.split('\n').slice(0, -1).map(Number);
}

interface Round {
  readonly round: number;
  readonly acks: readonly number[];
  /** Where the log ended after the round before. */
  readonly known: LogHead;
  readonly tally: Tally;
}

/** Opens the board as if nothing had happened, and looks; answers where its log ends. */
async function examine(directory: string, { round, acks, known, tally }: Round): Promise<LogHead> {
  const startedAtMs = performance.now();
  const board = await openBoardAt(directory, { access: 'create', policy: undefined });
  try {
    const head = await board.log.head();
    await board.read();
    tally.restartMs.push(performance.now() - startedAtMs);
    const lost = acks.filter((position) => position > head.position).length;
    tally.acknowledged += acks.length;
    tally.lost += lost;
    const broken = [...(await brokenPromises(board, tally)), ...(await rewritten(board, known))];
    if (lost > 0) broken.push(`${lost} acknowledged positions are beyond the end of the log`);
    tally.broken.push(...broken.map((each) => `round ${round}: ${each}`));
    return head;
  } finally {
    await board.close();
  }
}

/** The chain, the invariants of the log, and tables that follow from it. */
async function brokenPromises(board: Board, tally: Tally): Promise<readonly string[]> {
  const { log, projections } = board;
  const broken = await brokenInvariants(board);
  tally.doubleCompletions += broken.filter((each) => /Completed /.test(each)).length;
  const { position } = await log.head();
  const told = projections.checkpoint().position;
  return [
    ...broken,
    ...(told === position ? [] : [`the tables stand at ${told}, the log at ${position}`]),
  ];
}

/** What was there after the round before must be there still, byte for byte. */
async function rewritten({ log }: Board, known: LogHead): Promise<readonly string[]> {
  if (known.position === 0) return [];
  const isSame = (await log.hashAt(known.position)) === known.hash;
  return isSame ? [] : [`the past up to position ${known.position} is another one`];
}
