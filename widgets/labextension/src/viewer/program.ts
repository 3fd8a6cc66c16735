// The program as a list with search and as a graph.
import { count, h, shown } from '../dom';
import type { Argument, Model, Operation } from '../requests';
import { graphView, MOST_IN_GRAPH } from './graph';

const MOST_AT_ONCE = 60; // operations whose graph is drawn without being asked for

export function programView(model: Model): HTMLElement {
  const found = h('span', { class: 'bl-muted', role: 'status' });
  const list = h('ol', { class: 'bl-operations' });
  const search = h('input', { type: 'search', placeholder: 'name or kind', 'aria-label': 'Search operations' });
  const lines = model.operations.map(operation => line(operation));
  list.append(...lines);
  const graph = h('div', { class: 'bl-graph-place' });
  const filter = () => {
    const kept = matching(model.operations, search.value);
    lines.forEach((each, at) => {
      each.hidden = !kept.has(at);
    });
    found.textContent = search.value ? `${kept.size} of ${count(model.operations.length, 'operation')}` : '';
  };
  search.addEventListener('input', filter);
  const select = (at: number) => {
    search.value = '';
    filter();
    lines[at]?.querySelector('details')?.setAttribute('open', '');
    lines[at]?.scrollIntoView({ block: 'nearest' });
  };
  const both = h('div', { class: 'bl-program' }, list, graph);
  const toggle = h('button', { 'aria-pressed': 'false' }, 'Graph');
  const turn = (on: boolean) => {
    toggle.setAttribute('aria-pressed', String(on));
    both.classList.toggle('bl-both', on);
    graph.replaceChildren(...(on ? [graphView(model, select)] : []));
  };
  toggle.addEventListener('click', () => turn(toggle.getAttribute('aria-pressed') === 'false'));
  const top = model.operations.filter(each => each.depth === 0).length;
  turn(top > 0 && top <= MOST_AT_ONCE);
  const cut = model.operation_count > model.operations.length;
  return h(
    'div',
    {},
    h('div', { class: 'bl-row' }, search, toggle, found),
    cut && h('p', { class: 'bl-muted' }, `The first ${count(model.operations.length, 'operation')} are shown.`),
    top > MOST_IN_GRAPH && h('p', { class: 'bl-muted' }, `The graph shows the first ${MOST_IN_GRAPH} operations.`),
    both
  );
}

/** The numbers of the operations that hold every word of the search, in kind, name or the names of their outputs. */
export function matching(operations: Operation[], search: string): Set<number> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (operation: Operation) => {
    const text = [operation.kind, operation.name, ...operation.outputs.map(each => each.name)].join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  };
  return new Set(operations.flatMap((operation, at) => (fits(operation) ? [at] : [])));
}

function line(operation: Operation): HTMLLIElement {
  const made = operation.outputs.map(each => `${shown(each.name, 60)}: ${shown(each.type, 60)}`).join(', ');
  return h(
    'li',
    { style: `margin-inline-start: ${1.2 * operation.depth}em` },
    h(
      'details',
      {},
      h('summary', {}, h('b', {}, shown(operation.kind, 60)), ' ', h('span', { class: 'bl-muted' }, made)),
      h(
        'dl',
        {},
        ...operation.inputs.flatMap(each => [h('dt', {}, shown(each.parameter, 60)), h('dd', {}, argument(each))])
      )
    )
  );
}

function argument({ from, weight, text }: Argument): string {
  if (from !== undefined) {
    return `from ${shown(from, 80)}`;
  }
  return weight !== undefined ? `weight ${shown(weight, 80)}, ${shown(text ?? '', 60)}` : shown(text ?? '', 200);
}
