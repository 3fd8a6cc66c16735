// Weights with their sizes and how their values are spread.
import { h, shown, size, svg } from '../dom';
import type { Model, Weight } from '../requests';

const HIGH = 28;
const WIDE = 120;

/** Three digits, as a reader writes them: "−0.95", "4,200", "1.3e−7". */
export function figure(value: number | undefined): string {
  if (value === undefined) {
    return '';
  }
  const plain = value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6);
  const digits = Number(value.toPrecision(3));
  return (plain ? digits.toLocaleString('en', { maximumFractionDigits: 6 }) : digits.toExponential()).replaceAll(
    '-',
    '−'
  );
}

export function weightsView(model: Model): HTMLElement {
  if (!model.weights.length) {
    return h('p', {}, 'None: what the program needs stands in its operations.');
  }
  const heads = ['weight', 'shape', 'size', 'values', 'lowest', 'mean', 'highest', 'used by'];
  return h(
    'div',
    { class: 'bl-wide', tabindex: 0, role: 'region', 'aria-label': 'Weights' },
    h(
      'table',
      { class: 'bl-weights' },
      h('thead', {}, h('tr', {}, ...heads.map(each => h('th', { scope: 'col' }, each)))),
      h('tbody', {}, ...model.weights.map(line))
    )
  );
}

function line(weight: Weight): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, shown(weight.name, 60)),
    h('td', {}, `${weight.dtype} ${weight.shape.join(' × ')}`),
    h('td', {}, size(weight.bytes)),
    h('td', {}, weight.histogram ? histogram(weight) : ''),
    h('td', {}, figure(weight.low)),
    h('td', {}, figure(weight.mean)),
    h('td', {}, figure(weight.high), weight.strange ? ` and ${weight.strange} not finite` : ''),
    h('td', {}, shown(weight.used_by.join(', '), 80))
  );
}

/** The heights of bars from counts, the tallest filling the height; what occurs at all is visible. */
export function heights(counts: number[], high: number): number[] {
  const most = Math.max(1, ...counts);
  return counts.map(each => (each === 0 ? 0 : Math.max(1, (each / most) * high)));
}

function histogram(weight: Weight): SVGElement {
  const counts = weight.histogram ?? [];
  const step = WIDE / Math.max(1, counts.length);
  const seen = weight.sampled ? `, ${weight.sampled.toLocaleString('en')} of them looked at` : '';
  const zeros = weight.zeros ? `, ${(100 * weight.zeros).toFixed(1)}\u00a0% zeros` : '';
  return svg(
    'svg',
    {
      class: 'bl-histogram',
      viewBox: `0 0 ${WIDE} ${HIGH}`,
      width: WIDE,
      height: HIGH,
      role: 'img',
      'aria-label': `Values from ${figure(weight.low)} to ${figure(weight.high)}, mean ${figure(weight.mean)}${zeros}${seen}`
    },
    ...heights(counts, HIGH).map((tall, at) =>
      svg('rect', { x: at * step, y: HIGH - tall, width: Math.max(1, step - 1), height: tall })
    )
  );
}
