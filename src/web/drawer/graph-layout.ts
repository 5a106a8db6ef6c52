/** Where the tasks of a graph stand: parents above their children, lines that cross little. */
import { Graph, layout } from '@dagrejs/dagre';
import type { Neighbourhood } from '../state/neighbourhood.ts';

/** Size of a task in the picture, px. */
export const nodePx = { width: 148, height: 52 } as const;

/** A point of the picture, px from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A graph with a place for everything. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each task, by its id. */
  readonly corners: ReadonlyMap<string, Point>;
  readonly lines: readonly {
    readonly parentId: string;
    readonly childId: string;
    /** From the parent down to the child. */
    readonly points: readonly Point[];
  }[];
}

/** The way an arrow key points. */
export type Way = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

/** Finds the places. */
export function layOut({ tasks, links }: Pick<Neighbourhood, 'tasks' | 'links'>): Layout {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 20, marginx: 8, marginy: 8 });
  for (const { taskId } of tasks) graph.setNode(taskId, { ...nodePx });
  for (const { parentId, childId } of links) graph.setEdge(parentId, childId, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const corners = tasks.map(({ taskId }) => {
    const { x, y } = graph.node(taskId) as Point;
    return [taskId, { x: x - nodePx.width / 2, y: y - nodePx.height / 2 }] as const;
  });
  const places = new Map(corners);
  const lines = links.map(({ parentId, childId }) => {
    const { points } = graph.edge(parentId, childId) as { points: readonly Point[] };
    return { parentId, childId, points: lineOf(places.get(parentId), places.get(childId), points) };
  });
  return { width, height, corners: places, lines };
}

/**
 * From the middle of the parent's lower edge to the middle of the child's upper one. Between rows
 * the layout has a bend for each half; those level with a row lead around what stands there.
 */
function lineOf(parent: Point = origin, child: Point = origin, points: readonly Point[]) {
  const half = nodePx.width / 2;
  const around = points.slice(1, -1).filter((_, index) => index % 2 === 1);
  return [
    { x: parent.x + half, y: parent.y + nodePx.height },
    ...around,
    { x: child.x + half, y: child.y },
  ];
}

const origin: Point = { x: 0, y: 0 };

/** The task that an arrow key leads to from another one: the nearest one that way. */
export function nearest({ corners }: Layout, from: string, way: Way): string | undefined {
  const start = corners.get(from);
  if (start === undefined) return undefined;
  const isAcross = way === 'ArrowLeft' || way === 'ArrowRight';
  const sign = way === 'ArrowUp' || way === 'ArrowLeft' ? -1 : 1;
  let found: { readonly taskId: string; readonly far: number } | undefined;
  for (const [taskId, { x, y }] of corners) {
    const along = sign * (isAcross ? x - start.x : y - start.y);
    const aside = Math.abs(isAcross ? y - start.y : x - start.x);
    if (along <= 0 || (isAcross && aside > nodePx.height)) continue;
    // The next row comes first; in it, what stands closest.
    const far = isAcross ? along : along * 100 + aside;
    if (found === undefined || far < found.far) found = { taskId, far };
  }
  return found?.taskId;
}
