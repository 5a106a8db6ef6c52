// @ts-check
/** The heat map of a what-if page: two values across and down, the others chosen above. */
import { heatOf, heats } from './heat.mjs';
import { createTip } from './tip.mjs';

/**
 * A policy: its figures by measure, and what it tells.
 *
 * @typedef {object} Cell
 * @property {Record<string, number>} values
 * @property {Record<string, string>} texts
 * @property {string} name
 * @property {readonly (readonly [string, string])[]} facts
 * @property {boolean} isBest
 * @property {boolean} isInForce
 */

/** The checkout's types know Node alone. */
const { document } = /** @type {any} */ (globalThis);

/** @param {string} id */
const byId = (id) => document.getElementById(id);

/**
 * @typedef {{ word: string, labels: string[] }} Axis
 * @type {{ axes: Axis[], measures: Record<string, string>, cells: Cell[] }}
 */
const data = JSON.parse(byId('data').textContent);
const tip = createTip(byId('tip'));
const strides = data.axes.map((_, axis) =>
  data.axes.slice(axis + 1).reduce((product, { labels }) => product * labels.length, 1),
);
const chosen = placeOf(
  Math.max(
    0,
    data.cells.findIndex(({ isBest }) => isBest),
  ),
);
let measure = 'cost';

offerMeasures();
for (let axis = 2; axis < data.axes.length; axis += 1) offerAxis(axis);
draw();

/**
 * Where a policy stands on each axis.
 *
 * @param {number} index
 */
function placeOf(index) {
  return data.axes.map(({ labels }, axis) => {
    return Math.floor(index / (strides[axis] ?? 1)) % labels.length;
  });
}

/**
 * The policy at a place, the axes that are not drawn being where they were put.
 *
 * @param {number} column
 * @param {number} row
 */
function cellAt(column, row) {
  const place = data.axes.map((_, axis) => [column, row][axis] ?? chosen[axis] ?? 0);
  const index = place.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 1), 0);
  return /** @type {Cell} */ (data.cells[index]);
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {readonly unknown[]} children
 */
function make(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function offerMeasures() {
  const options = Object.entries(data.measures).map(([key, word]) => {
    const input = make('input', { type: 'radio', name: 'measure', value: key });
    input.checked = key === measure;
    input.addEventListener('change', () => {
      measure = key;
      draw();
    });
    return make('label', {}, [input, ` ${word}`]);
  });
  byId('controls').append(make('fieldset', {}, [make('legend', {}, ['coloured by']), ...options]));
}

/** @param {number} axis */
function offerAxis(axis) {
  const { word, labels } = /** @type {Axis} */ (data.axes[axis]);
  const select = make(
    'select',
    {},
    labels.map((label) => make('option', {}, [label])),
  );
  select.selectedIndex = chosen[axis];
  select.addEventListener('change', () => {
    chosen[axis] = select.selectedIndex;
    draw();
  });
  byId('controls').append(make('label', {}, [`${word} `, select]));
}

function draw() {
  tip.hide();
  const [across, down] = data.axes;
  const rows = (down?.labels ?? ['']).map((label, row) => {
    const cells = (across?.labels ?? []).map((_, column) => cellOf(column, row));
    return make('tr', {}, [make('th', { scope: 'row' }, [label]), ...cells]);
  });
  const heads = (across?.labels ?? []).map((label) => make('th', { scope: 'col' }, [label]));
  const corner = make('td', { class: 'corner' }, [down === undefined ? '' : `${down.word} ↓`]);
  const table = make('table', { role: 'grid', 'aria-label': data.measures[measure] ?? '' }, [
    make('caption', {}, [`${across?.word} →`]),
    make('thead', {}, [make('tr', {}, [corner, ...heads])]),
    make('tbody', {}, rows),
  ]);
  table.addEventListener('keydown', move);
  byId('grid').replaceChildren(table);
  drawLegend();
}

/**
 * @param {number} column
 * @param {number} row
 */
function cellOf(column, row) {
  const cell = cellAt(column, row);
  const marks = `${cell.isBest ? '★' : ''}${cell.isInForce ? '●' : ''}`;
  const alive = cell.values['false'] ?? 0;
  const isChosen = column === (chosen[0] ?? 0) && row === (chosen[1] ?? 0);
  const button = make(
    'button',
    {
      type: 'button',
      class: `heat-${heatOf(cell.values[measure] ?? 0, extent())}`,
      tabindex: isChosen ? '0' : '-1',
      'data-at': `${column},${row}`,
      'aria-describedby': 'tip',
      'aria-label': `${cell.name}: ${data.measures[measure]} ${cell.texts[measure]}${
        cell.isBest ? ', best' : ''
      }${cell.isInForce ? ', in force' : ''}`,
    },
    [
      make('b', {}, [cell.texts[measure] ?? '']),
      make('span', { class: 'marks' }, [marks]),
      make('span', { class: 'alive' }, [
        alive > 0 ? `▲ ${cell.texts['false']?.replace(' to ', '–')}` : '',
      ]),
    ],
  );
  for (const name of ['pointerenter', 'focus']) {
    button.addEventListener(name, () => tip.show(cell, button));
  }
  for (const name of ['pointerleave', 'blur']) button.addEventListener(name, tip.hide);
  button.addEventListener('focus', () => choose(button, column, row));
  const classes = `${cell.isBest ? 'best ' : ''}${cell.isInForce ? 'in-force' : ''}`;
  return make('td', { role: 'gridcell', class: classes }, [button]);
}

/**
 * One cell at a time can be reached with Tab; the others with the arrow keys.
 *
 * @param {any} button
 * @param {number} column
 * @param {number} row
 */
function choose(button, column, row) {
  for (const other of byId('grid').querySelectorAll('button[tabindex="0"]')) other.tabIndex = -1;
  button.tabIndex = 0;
  chosen[0] = column;
  if (chosen.length > 1) chosen[1] = row;
}

const steps = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-Number.MAX_SAFE_INTEGER, 0],
  End: [Number.MAX_SAFE_INTEGER, 0],
});

/** @param {any} event */
function move(event) {
  if (event.key === 'Escape') tip.hide();
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const limits = [0, 1].map((axis) => (data.axes[axis]?.labels.length ?? 1) - 1);
  const [column, row] = [0, 1].map((axis) => {
    const wanted = (chosen[axis] ?? 0) + (step[axis] ?? 0);
    return Math.min(Math.max(wanted, 0), limits[axis] ?? 0);
  });
  byId('grid').querySelector(`[data-at="${column},${row}"]`).focus();
}

/** The least and the most of all policies, so that slices of them can be compared. */
function extent() {
  const values = data.cells.map((cell) => cell.values[measure] ?? 0);
  return { least: Math.min(...values), most: Math.max(...values) };
}

function drawLegend() {
  const { least, most } = extent();
  /** @param {number} value */
  const textOf = (value) =>
    data.cells.find((cell) => cell.values[measure] === value)?.texts[measure] ?? '';
  const swatches = Array.from({ length: heats }, (_, heat) => {
    return make('span', { class: `swatch heat-${heat}` });
  });
  byId('legend').replaceChildren(textOf(least), ...swatches, textOf(most));
}
