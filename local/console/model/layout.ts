import { Graph as DagreGraph, layout } from '@dagrejs/dagre';
import { END, type Graph, type GraphEdge, type GraphState, START } from './graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A state or mark at its place; x and y are its upper left corner, in pixels. */
export interface PlacedState extends Box {
  /** Of the state, START or END. */
  readonly name: string;
  /** Undefined for the marks. */
  readonly state: GraphState | undefined;
  /** How many states it is inside of. */
  readonly depth: number;
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** A state comes before those inside of it. */
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
}

const STATE = { width: 200, height: 52 };
const MARK = { width: 72, height: 32 };
/** The frame of a state that holds others: its title, and the space around them. */
const TITLE = 56;
const PADDING = 16;
/** Between the branches of a Parallel. */
const GAP = 24;

/** Places a graph from top to bottom. Flows inside of states are placed first, and are then boxes of a known size. */
export function layOut(graph: Graph): Layout {
  const inner = new Map(graph.states.map((state) => [state.name, layOutInner(state)]));
  const dagre = new DagreGraph({ multigraph: true });
  dagre.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 44, edgesep: 16 });
  for (const { name } of graph.states) dagre.setNode(name, { ...(inner.get(name)?.size ?? STATE) });
  for (const mark of [START, END]) {
    if (graph.edges.some(({ from, to }) => from === mark || to === mark)) dagre.setNode(mark, { ...MARK });
  }
  graph.edges.forEach((edge, index) => {
    // A way on weighs more than a way out, so that the successful path is straight.
    dagre.setEdge(edge.from, edge.to, { weight: edge.kind === 'catch' ? 1 : 4 }, String(index));
  });
  layout(dagre);
  const byName = new Map(graph.states.map((state) => [state.name, state]));
  const states: PlacedState[] = [];
  const edges: PlacedEdge[] = graph.edges.map((edge, index) => ({
    edge,
    points: dagre.edge(edge.from, edge.to, String(index))?.points ?? [],
  }));
  for (const name of dagre.nodes()) {
    const { x, y, width, height } = dagre.node(name) as Box;
    const corner = { x: x - width / 2, y: y - height / 2 };
    states.push({ name, state: byName.get(name), depth: 0, width, height, ...corner });
    for (const part of inner.get(name)?.parts ?? []) {
      states.push(...part.layout.states.map((placed) => ({ ...shift(placed, corner, part), depth: placed.depth + 1 })));
      edges.push(
        ...part.layout.edges.map(({ edge, points }) => ({
          edge,
          points: points.map((point) => shift(point, corner, part)),
        })),
      );
    }
  }
  const { width = 0, height = 0 } = dagre.graph() as { width?: number; height?: number };
  return { width, height, states, edges };
}

/** The flows inside of a state beside each other; undefined for a state that has none. */
function layOutInner({ inner }: GraphState) {
  if (inner.length === 0) return undefined;
  let x = PADDING;
  const parts = inner.map((graph) => {
    const part = { layout: layOut(graph), x, y: TITLE };
    x += part.layout.width + GAP;
    return part;
  });
  const height = TITLE + Math.max(...parts.map(({ layout }) => layout.height)) + PADDING;
  return { parts, size: { width: Math.max(x - GAP + PADDING, STATE.width), height } };
}

function shift<P extends Point>(point: P, ...by: readonly Point[]): P {
  return {
    ...point,
    x: by.reduce((sum, { x }) => sum + x, point.x),
    y: by.reduce((sum, { y }) => sum + y, point.y),
  };
}
