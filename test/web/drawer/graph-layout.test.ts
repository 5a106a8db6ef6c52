/** The places of the tasks in the dependency picture, and the way of the arrow keys through it. */
import { describe, expect, test } from 'vitest';
import { layOut, nearest, nodePx } from '../../../src/web/drawer/graph-layout.ts';

const tasks = ['oak', 'plan', 'keel', 'hull', 'mast'].map((taskId) => {
  return { taskId, step: 0, seen: null };
});
const links = [
  { parentId: 'oak', childId: 'keel' },
  { parentId: 'plan', childId: 'keel' },
  { parentId: 'keel', childId: 'hull' },
  { parentId: 'keel', childId: 'mast' },
  { parentId: 'oak', childId: 'mast' },
];

describe('the picture of a graph', () => {
  const layout = layOut({ tasks, links });
  const at = (taskId: string) => layout.corners.get(taskId)!;

  test('has every parent above its children, and no task on another', () => {
    for (const { parentId, childId } of links) {
      expect(at(parentId).y + nodePx.height).toBeLessThan(at(childId).y);
    }
    const corners = [...layout.corners.values()];
    for (const [index, one] of corners.entries()) {
      for (const other of corners.slice(index + 1)) {
        const isApart =
          Math.abs(one.x - other.x) >= nodePx.width || Math.abs(one.y - other.y) >= nodePx.height;
        expect(isApart).toBe(true);
      }
    }
  });

  test('has all of it inside, and lines from edge to edge', () => {
    for (const { x, y } of layout.corners.values()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + nodePx.width).toBeLessThanOrEqual(layout.width);
      expect(y + nodePx.height).toBeLessThanOrEqual(layout.height);
    }
    for (const { parentId, childId, points } of layout.lines) {
      expect(points[0]?.y).toBe(at(parentId).y + nodePx.height);
      expect(points.at(-1)?.y).toBe(at(childId).y);
    }
  });

  test('is walked by arrow keys: to the next row, and along a row', () => {
    const below = nearest(layout, 'keel', 'ArrowDown');
    expect(['hull', 'mast']).toContain(below);
    expect(nearest(layout, below!, 'ArrowUp')).toBe('keel');
    const way = at('hull').x < at('mast').x ? 'ArrowRight' : 'ArrowLeft';
    expect(nearest(layout, 'hull', way)).toBe('mast');
    expect(nearest(layout, 'keel', 'ArrowLeft')).toBeUndefined();
    expect(nearest(layout, 'oak', 'ArrowUp')).toBeUndefined();
  });
});
