/** The page of a timeline: what `gantt/` here and `src/gantt` draw, and the markup around it. */
import type { Picture, PicturedTask } from '../../app/picture.ts';
import type { Because } from '../../domain/life.ts';
import type { Mark } from '../../domain/marks.ts';
import type { Segment } from '../../domain/segments.ts';
import { durationText } from '../../gantt/ticks.mjs';
import { plainLine } from '../sanitize.ts';
import { eventPhrase } from '../timeline-words.ts';
import { htmlDocument } from './document.ts';
import { escapeMarkup } from './escape.ts';
import { readScript, readStyle } from './page-parts.ts';

/** What the page tells besides its picture. */
export interface PageFacts {
  /** The name of the board. */
  readonly board: string;
  /** When the picture was taken, UTC ms. */
  readonly nowMs: number;
  /** Tasks that would not fit. */
  readonly omitted: number;
}

/** The document. Throws when a file of the program is missing. */
export function timelinePage(picture: Picture, { board, nowMs, omitted }: PageFacts): string {
  const { fromAtMs, toAtMs, tasks, marks } = picture;
  const data = {
    nowMs,
    fromAtMs,
    toAtMs,
    lives: tasks.map((task) => lifeOf(task, nowMs)),
    signs: marks.map((mark) => signOf(mark, nowMs)),
  };
  return htmlDocument({
    title: `${board} · timeline`,
    body: bodyOf(board, omitted),
    style: readStyle(new URL('./gantt/gantt.css', import.meta.url)),
    script: readScript(new URL('./gantt/main.mjs', import.meta.url)),
    data,
  });
}

function lifeOf({ taskId, title, segments, marks }: PicturedTask, nowMs: number) {
  const signs = marks.map((mark) => signOf(mark, nowMs));
  signs.sort((one, other) => one.atMs - other.atMs);
  return { taskId, title: plainLine(title), bars: segments.map(barOf), signs };
}

function barOf({ because, ...segment }: Segment) {
  return { ...segment, why: becauseWords(because, segment.taskId) };
}

function signOf({ data, type, actor, ...mark }: Mark, nowMs: number) {
  const what = eventPhrase(type, data, nowMs);
  return { ...mark, atMs: Math.min(mark.atMs, nowMs), what, by: `${actor.kind} ${actor.id}` };
}

/** Why a stretch began, in a few words. */
export function becauseWords(because: Because, ofTask: string): string {
  if (because.type === 'came_due') return 'its time came';
  if (because.type === 'lease_over') return `silent for ${durationText(because.leaseMs)}`;
  const { type, position, taskId, actor } = because;
  const whose = taskId === ofTask ? '' : ` of ${taskId}`;
  return `${type}${whose} (#${position}, ${actor.kind} ${plainLine(actor.id)})`;
}

function bodyOf(board: string, omitted: number): string {
  const name = escapeMarkup(plainLine(board));
  const cut = omitted === 0 ? '' : ` · ${omitted} older tasks are left out`;
  return `<header>
<h1>${name}<small>timeline<span id="cut">${cut}</span></small></h1>
<fieldset><legend>Rows</legend>
<label><input type="radio" name="rows" id="by-task" checked> Tasks</label>
<label><input type="radio" name="rows" id="by-worker"> Workers</label>
</fieldset>
<input type="search" id="search" placeholder="Find id, title, worker, kind" aria-label="Find">
<span>
<button id="wider" aria-label="Wider">−</button>
<button id="closer" aria-label="Closer">+</button>
<button id="all">All</button>
</span>
<span id="count" role="status"></span>
<p id="keys">Wheel zooms, dragging pans, a click tells more.
<kbd>Tab</kbd> <kbd>↑</kbd> <kbd>↓</kbd> rows, <kbd>⇧ →</kbd> stretches,
<kbd>←</kbd> <kbd>→</kbd> pan, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> all</p>
</header>
<main>
<canvas id="chart" tabindex="0" role="application"
 aria-label="Timeline; the same as a table stands below"></canvas>
<p id="none" hidden>Nothing matches.</p>
<div id="tip" role="tooltip" hidden></div>
</main>
<footer>
<section id="panel" aria-live="polite"><h2>Details</h2><p>Choose a row or a stretch.</p></section>
<ul id="legend"></ul>
<details id="table"><summary>As a table</summary>
<table><thead><tr><th>Row</th><th>What</th><th>Facts</th></tr></thead><tbody></tbody></table>
</details>
<noscript>The chart is drawn by a script, which this browser does not run.</noscript>
</footer>`;
}
