// What a model takes and gives, and whether it was proven.
import { count, h, shown } from '../dom';
import type { Model, Port } from '../requests';

const MEANS = {
  exact: ['✓ Exact', 'The package computes the same function as the model it was made from.'],
  iterative: ['≈ Iterative', 'The package runs the same solver; its error was measured at the export.']
} as const;

export function facts(model: Model, check: () => Promise<{ passed: boolean; text: string }>): HTMLElement[] {
  return [ours(model, check), ports('Takes', model.inputs, model.features), ports('Gives', model.outputs, [])];
}

function ours(model: Model, check: () => Promise<{ passed: boolean; text: string }>): HTMLElement {
  const badge = model.verdict && MEANS[model.verdict];
  if (!model.proof_rows) {
    return h(
      'section',
      { class: 'bl-proof' },
      badge && h('p', {}, h('span', { class: 'bl-badge' }, badge[0]), ` ${badge[1]}`),
      h(
        'p',
        {},
        `Kind: ${shown(model.kind)}. It carries no proof, so nothing here says that it computes what it should.`
      ),
      model.updatable && h('p', {}, 'Updatable: an app may train it further on the device.')
    );
  }
  const answer = h('p', { class: 'bl-answer', role: 'status' });
  const button = h(
    'button',
    {
      class: 'bl-primary',
      onclick: async () => {
        button.disabled = true;
        answer.textContent = 'Running the saved file …';
        try {
          const { passed, text } = await check();
          answer.textContent = shown(text, 2000);
          answer.className = passed ? 'bl-answer bl-ok' : 'bl-answer bl-bad';
        } catch (error) {
          answer.textContent = error instanceof Error ? shown(error.message, 1000) : String(error);
          answer.className = 'bl-answer bl-bad';
        } finally {
          button.disabled = false;
        }
      }
    },
    'Replay the proof'
  );
  return h(
    'section',
    { class: 'bl-proof' },
    badge && h('p', {}, h('span', { class: 'bl-badge' }, badge[0]), ` ${badge[1]}`),
    h(
      'p',
      {},
      `${count(model.proof_rows, 'proof row')} inside, with what the model gave for each. Apple’s own runtime is not run here.`
    ),
    model.compressed.length > 0 && h('p', {}, `Compressed: ${shown(model.compressed.filter(Boolean).join(', '))}.`),
    button,
    answer
  );
}

function ports(title: string, all: Port[], features: string[]): HTMLElement {
  const row = (port: Port) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, shown(port.name)),
      h('td', {}, `${shown(port.dtype)} ${shown(port.shape)}`, port.image && ` an image in ${port.image}`),
      h('td', {}, port.method ? `what ${shown(port.method)} gives` : '')
    );
  return h(
    'section',
    {},
    h('h3', {}, title),
    h('table', {}, h('tbody', {}, ...all.map(row))),
    features.length > 0 &&
      h(
        'p',
        { class: 'bl-muted' },
        `Features in order: ${shown(features.map(each => shown(each, 80)).join(', '), 2000)}`
      )
  );
}
