// The program as a graph, laid out by dagre. One tab stop: arrows walk the operations in order, Enter shows one in the list.
import dagre from '@dagrejs/dagre';
import { count, h, shown, svg } from '../dom';
import type { Model } from '../requests';

export const MOST_IN_GRAPH = 400;
const HIGH = 30;

export interface Laid {
  nodes: { id: string; label: string; kind: 'port' | 'operation'; at: number; x: number; y: number; width: number }[];
  edges: { points: { x: number; y: number }[] }[];
  width: number;
  height: number;
}

/** Places of inputs, operations and outputs, and the ways between them. */
export function layout(model: Model): Laid {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 32, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const maker = new Map<string, string>();
  const own = new Map<string, Omit<Laid['nodes'][number], 'x' | 'y'>>();
  const add = (id: string, label: string, kind: 'port' | 'operation', at: number) => {
    const width = Math.max(64, 7.2 * label.length + 20);
    own.set(id, { id, label, kind, at, width });
    graph.setNode(id, { width, height: HIGH });
  };
  for (const port of model.inputs) {
    add(`input ${port.name}`, shown(port.name, 24), 'port', -1);
    maker.set(port.name, `input ${port.name}`);
  }
  const top = model.operations
    .flatMap((operation, at) => (operation.depth === 0 ? [{ operation, at }] : []))
    .slice(0, MOST_IN_GRAPH);
  for (const { operation, at } of top) {
    const id = `operation ${at}`;
    add(id, shown(operation.kind, 24), 'operation', at);
    for (const { from } of operation.inputs) {
      const before = from !== undefined ? maker.get(from) : undefined;
      if (before) {
        graph.setEdge(before, id);
      }
    }
    for (const output of operation.outputs) {
      maker.set(output.name, id);
    }
  }
  for (const port of model.outputs) {
    const before = maker.get(port.name);
    if (before) {
      add(`output ${port.name}`, shown(port.name, 24), 'port', -1);
      graph.setEdge(before, `output ${port.name}`);
    }
  }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const nodes = [...own.values()].map(each => {
    const { x, y } = graph.node(each.id);
    return { ...each, x, y };
  });
  return { nodes, edges: graph.edges().map(each => ({ points: graph.edge(each).points ?? [] })), width, height };
}

export function graphView(model: Model, select: (at: number) => void): HTMLElement {
  const laid = layout(model);
  const operations = laid.nodes.filter(node => node.kind === 'operation');
  const said = h('p', { class: 'bl-muted', role: 'status' });
  let active = -1;
  const shapes = laid.nodes.map(node => {
    const box = svg('rect', {
      x: -node.width / 2,
      y: -HIGH / 2,
      width: node.width,
      height: HIGH,
      rx: node.kind === 'port' ? 15 : 4
    });
    const name = svg('text', { y: 4.5, 'text-anchor': 'middle' }, node.label);
    const group = svg(
      'g',
      { class: `bl-node bl-${node.kind}`, transform: `translate(${node.x} ${node.y})` },
      box,
      name
    );
    if (node.kind === 'operation') {
      group.addEventListener('click', () => {
        choose(operations.indexOf(node));
        select(node.at);
      });
    }
    return group;
  });
  const ways = laid.edges.map(({ points }) =>
    svg('path', { class: 'bl-way', d: `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}` })
  );
  const choose = (at: number) => {
    active = Math.min(operations.length - 1, Math.max(0, at));
    const node = operations[active];
    shapes.forEach((shape, index) => {
      shape.classList.toggle('bl-chosen', laid.nodes[index] === node);
    });
    const operation = node && model.operations[node.at];
    if (node && operation) {
      said.textContent = `Operation ${node.at + 1}: ${shown(operation.kind, 60)} makes ${shown(operation.outputs.map(each => `${each.name}, ${each.type}`).join('; '), 200)}`;
      shapes[laid.nodes.indexOf(node)]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  };
  const drawing = svg(
    'svg',
    {
      viewBox: `0 0 ${laid.width} ${laid.height}`,
      width: laid.width,
      height: laid.height,
      role: 'img',
      'aria-label': `Graph of ${count(operations.length, 'operation')}`
    },
    ...ways,
    ...shapes
  );
  const place = h(
    'div',
    {
      class: 'bl-graph',
      tabindex: 0,
      role: 'group',
      'aria-label': 'Graph of the program; arrow keys walk the operations, Enter shows one in the list'
    },
    drawing
  );
  place.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const node = operations[active];
    if (step) {
      event.preventDefault();
      choose(active + step);
    } else if (event.key === 'Enter' && node) {
      select(node.at);
    }
  });
  return h('div', {}, place, said);
}
