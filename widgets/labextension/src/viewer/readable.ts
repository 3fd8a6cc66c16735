// What a package gives away. A package lies unencrypted in the app unless its developer encrypts it with Xcode.
import { count, h, shown, size } from '../dom';
import type { Model, Weight } from '../requests';

const MOST = 3;

export function readable(model: Model): HTMLElement {
  const { carries } = model;
  const numbers = model.weights.filter(weight => weight.rows?.length);
  const rows = carries?.kind === 'rows' ? numbers.filter(weight => weight.shape.includes(carries.rows)) : [];
  const seen = (rows.length ? rows : numbers).slice(0, MOST);
  return h(
    'div',
    {},
    h(
      'p',
      {},
      carries
        ? `Its maker said at the export: ${shown(carries.summary, 800)}`
        : 'Its maker did not say what of the training data is inside. Every number below can be read.'
    ),
    carries?.kind === 'rows' &&
      h(
        'p',
        { class: 'bl-warning' },
        `${count(carries.rows, 'row')} of the training data, word for word or moved by a constant.`
      ),
    seen.length > 0 && h('p', { class: 'bl-muted' }, `${what(model)}For example:`),
    h('div', { class: 'bl-excerpts' }, ...seen.map(weight => excerpt(weight, rows.includes(weight))))
  );
}

function what({ features }: Model): string {
  const names = features.length ? `The names of ${count(features.length, 'feature')}, the` : 'The';
  return `${names} program, and all weights. `;
}

/** A list as long as the rows, such as their densities, has a number of each and is no row itself. */
function whose({ shape }: Weight): string {
  return shape.length > 1 ? 'Rows of the training data' : 'A number for each row of the training data';
}

function excerpt(weight: Weight, training: boolean): HTMLElement {
  const words = `${shown(weight.name)}, ${weight.shape.join(' × ')}, ${size(weight.bytes)}`;
  const rows = weight.rows ?? [];
  const width = weight.shape.at(-1) ?? 0;
  const wider = width > (rows[0]?.length ?? 0);
  const below = weight.shape.slice(0, -1).reduce((product, each) => product * each, 1) - rows.length;
  return h(
    'figure',
    { class: training ? 'bl-excerpt bl-training' : 'bl-excerpt' },
    h('figcaption', {}, training ? `${whose(weight)}: ${words}` : words),
    h(
      'table',
      {},
      h(
        'tbody',
        {},
        ...rows.map(row => h('tr', {}, ...row.map(value => h('td', {}, value)), wider && h('td', {}, '…')))
      )
    ),
    below > 0 && h('p', { class: 'bl-muted' }, `and ${count(below, 'row')} more`)
  );
}
