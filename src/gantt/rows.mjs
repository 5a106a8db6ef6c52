// @ts-check
/** What stands in the rows of the page: tasks with their lives, or workers with their runs. */
import { segmentLooks } from './looks.mjs';

/**
 * A stretch; see `Segment`. `why` is what began it, in words.
 *
 * @typedef {object} Bar
 * @property {string} kind
 * @property {string} taskId
 * @property {number} fromAtMs
 * @property {number} toAtMs
 * @property {number | null} fromPosition
 * @property {number | null} toPosition
 * @property {boolean} isOpen
 * @property {string | null} runId
 * @property {number | null} attempt
 * @property {string | null} assignee
 * @property {string | null} host
 * @property {string} why
 */

/**
 * A moment; see `Mark`. `what` says it in words.
 *
 * @typedef {object} Sign
 * @property {string} kind
 * @property {string} what
 * @property {number} atMs
 * @property {number} position
 * @property {string | null} taskId
 * @property {string | null} runId
 * @property {string} by
 */

/**
 * @typedef {{ taskId: string, title: string, bars: readonly Bar[], signs: readonly Sign[] }} Life
 * @typedef {object} Row
 * @property {string} key
 * @property {string} label empty in the further lanes of a worker
 * @property {string} detail
 * @property {readonly Bar[]} bars in order of time, none over another
 * @property {readonly Sign[]} signs in order of time
 * @property {boolean} [isHeading] it stands over the rows of its group, and has nothing of its own
 */

/**
 * One row for each task.
 *
 * @param {readonly Life[]} lives
 * @returns {Row[]}
 */
export function taskRows(lives) {
  return lives.map(({ taskId, title, bars, signs }) => {
    return { key: taskId, label: taskId, detail: title, bars, signs };
  });
}

/**
 * One row for each worker definition on each host, and another for every run beside it.
 *
 * @param {readonly Life[]} lives
 * @returns {Row[]}
 */
export function workerRows(lives) {
  /** @type {Map<string, Run[]>} */
  const places = new Map();
  for (const run of lives.flatMap(runsOf)) {
    const name = `${run.bars[0]?.assignee ?? 'nobody'}\n${run.bars[0]?.host ?? 'elsewhere'}`;
    places.set(name, [...(places.get(name) ?? []), run]);
  }
  const names = [...places.keys()].sort();
  return names.flatMap((name) => lanesOf(name, places.get(name) ?? []));
}

/**
 * The rows in which some word of the search stands.
 *
 * @param {readonly Row[]} rows
 * @param {string} search
 * @returns {readonly Row[]}
 */
export function matching(rows, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = searchText(row);
    return words.every((word) => text.includes(word));
  });
}

/**
 * The stretches of one run, and its marks.
 *
 * @typedef {{ bars: Bar[], signs: Sign[] }} Run
 */

/**
 * @param {Life} life
 * @returns {Run[]}
 */
function runsOf({ bars, signs }) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  for (const bar of bars) {
    if (bar.runId === null) continue;
    const run = runs.get(bar.runId) ?? { bars: [], signs: [] };
    run.bars.push(bar);
    runs.set(bar.runId, run);
  }
  for (const sign of signs) runs.get(sign.runId ?? '')?.signs.push(sign);
  return [...runs.values()];
}

/**
 * Puts every run into the first lane that is free by then.
 *
 * @param {string} name
 * @param {readonly Run[]} runs
 * @returns {Row[]}
 */
function lanesOf(name, runs) {
  const [label = '', detail = ''] = name.split('\n');
  /** @type {{ endsAtMs: number, bars: Bar[], signs: Sign[] }[]} */
  const lanes = [];
  const inOrder = [...runs].sort((one, other) => beginning(one) - beginning(other));
  for (const run of inOrder) {
    let lane = lanes.find(({ endsAtMs }) => endsAtMs <= beginning(run));
    if (lane === undefined) {
      lane = { endsAtMs: 0, bars: [], signs: [] };
      lanes.push(lane);
    }
    lane.bars.push(...run.bars);
    lane.signs.push(...run.signs);
    lane.endsAtMs = run.bars.at(-1)?.toAtMs ?? 0;
  }
  return lanes.map(({ bars, signs }, index) => {
    const isFirst = index === 0;
    const order = signs.sort((one, other) => one.atMs - other.atMs);
    const shown = { label: isFirst ? label : '', detail: isFirst ? detail : '' };
    return { key: `${name}\n${index}`, ...shown, bars, signs: order };
  });
}

/** @param {Run} run */
function beginning({ bars }) {
  return bars[0]?.fromAtMs ?? 0;
}

/** @type {WeakMap<Row, string>} */
const searchTexts = new WeakMap();

/** @param {Row} row */
function searchText(row) {
  const known = searchTexts.get(row);
  if (known !== undefined) return known;
  const said = row.bars.flatMap(({ kind, taskId, runId, assignee, host }) => {
    return [segmentLooks[kind]?.word, kind, taskId, runId, assignee, host];
  });
  const text = [row.key, row.label, row.detail, ...new Set(said)].join(' ').toLowerCase();
  searchTexts.set(row, text);
  return text;
}
