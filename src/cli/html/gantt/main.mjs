// @ts-check
/** The page of a timeline: rows of stretches and marks, to be looked at closely. */
import { element } from '../../../gantt/browser.mjs';
import { createChart } from '../../../gantt/chart.mjs';
import { useHands } from '../../../gantt/hands.mjs';
import { matching, taskRows, workerRows } from '../../../gantt/rows.mjs';
import { tellBar, tellSign } from '../../../gantt/tell.mjs';
import { offerTable, showLegend, showPanel, showTip } from './words.mjs';

/** @type {import('../../../gantt/chart.mjs').Data} */
const data = JSON.parse(element('data').textContent);
const titles = new Map(data.lives.map(({ taskId, title }) => [taskId, title]));
const rowsBy = { task: taskRows(data.lives), worker: workerRows(data.lives) };
const chart = createChart(element('chart'), data);
const { scene } = chart;

showLegend(data.lives, data.signs);
offerTable(() => scene.rows, titleOf);
useControls();
useHands(chart, { point, leave, pick, row: chooseBeside, along });
showRows();

/** @param {string} taskId */
function titleOf(taskId) {
  return titles.get(taskId) ?? '';
}

/** The rows of the view that was chosen, as far as the search leaves them. */
function showRows() {
  const isByWorker = element('by-worker').checked;
  const all = isByWorker ? rowsBy.worker : rowsBy.task;
  const rows = matching(all, element('search').value);
  chart.change({ rows, isByWorker, chosen: -1, pointed: undefined, scrollTop: 0 });
  const what = isByWorker ? 'lanes of workers' : 'tasks';
  element('count').textContent =
    rows.length === all.length
      ? `${all.length} ${what}`
      : `${rows.length} of ${all.length} ${what}`;
  element('none').hidden = rows.length > 0;
}

function useControls() {
  for (const id of ['by-task', 'by-worker']) element(id).addEventListener('change', showRows);
  element('search').addEventListener('input', showRows);
  element('closer').addEventListener('click', () => chart.glideBy(1 / 2));
  element('wider').addEventListener('click', () => chart.glideBy(2));
  element('all').addEventListener('click', chart.showAll);
}

/**
 * @typedef {import('../../../gantt/rows.mjs').Bar} Bar
 * @typedef {import('../../../gantt/rows.mjs').Sign} Sign
 */

/** @param {{ bar?: Bar | undefined, sign?: Sign | undefined }} found */
function tell({ bar, sign }) {
  if (sign !== undefined) return tellSign(sign);
  return bar === undefined ? undefined : tellBar(bar, titleOf(bar.taskId));
}

/**
 * @param {number} x
 * @param {number} y
 */
function point(x, y) {
  const found = chart.whatIsAt(x, y);
  const telling = tell(found);
  chart.canvas.classList.toggle('on', telling !== undefined);
  showTip(telling, x, y);
  if (telling !== undefined) chart.change({ pointed: found.sign ?? found.bar });
}

function leave() {
  showTip(undefined, 0, 0);
}

/**
 * @param {number} x
 * @param {number} y
 */
function pick(x, y) {
  const found = chart.whatIsAt(x, y);
  if (found.index >= 0) chart.choose(found.index);
  const telling = tell(found) ?? tellRow(found.index);
  if (telling !== undefined) showPanel(telling);
}

/** @param {number} index */
function tellRow(index) {
  const row = scene.rows[index];
  if (row === undefined) return undefined;
  const count = (/** @type {number} */ n, /** @type {string} */ what) => `${n} ${what}`;
  return {
    headline: row.key.split('\n')[0] ?? '',
    facts: /** @type {[string, string][]} */ ([
      ['what', row.detail],
      ['has', `${count(row.bars.length, 'stretches')}, ${count(row.signs.length, 'marks')}`],
      ['to step', 'Shift with → and ← goes through them'],
    ]),
  };
}

/**
 * The next row, or the one before; false at the ends, so that Tab can leave.
 *
 * @param {1 | -1} step
 */
function chooseBeside(step) {
  const index = scene.chosen === -1 && step === -1 ? -1 : scene.chosen + step;
  if (index < 0 || index >= scene.rows.length) {
    if (index < 0) chart.choose(-1);
    return false;
  }
  chart.choose(index);
  chart.change({ pointed: undefined });
  const telling = tellRow(index);
  if (telling !== undefined) showPanel(telling);
  return true;
}

/**
 * The next stretch or mark of the row, in order of time.
 *
 * @param {1 | -1} step
 */
function along(step) {
  const row = scene.rows[Math.max(0, scene.chosen)];
  if (row === undefined) return;
  const all = [...row.bars, ...row.signs].sort((one, other) => startOf(one) - startOf(other));
  const now = all.indexOf(/** @type {Bar | Sign} */ (scene.pointed));
  const next = all[now === -1 && step === -1 ? all.length - 1 : now + step];
  if (next === undefined) return;
  chart.change({ chosen: Math.max(0, scene.chosen), pointed: next });
  chart.reveal(startOf(next));
  const telling = tell('what' in next ? { sign: next } : { bar: next });
  if (telling !== undefined) showPanel(telling);
}

/** @param {Bar | Sign} each */
function startOf(each) {
  return 'atMs' in each ? each.atMs : each.fromAtMs;
}
