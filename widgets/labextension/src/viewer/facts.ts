// What a model takes and gives, and whether it was proven.
import { count, h, shown } from '../dom';
import type { Model, Port } from '../requests';

export const BADGES = { exact: '✓ Exact', iterative: '≈ Iterative' } as const;
const MEANS = {
  exact: 'The package computes the same function as the model it was made from.',
  iterative: 'The package runs the same solver; its error was measured at the export.'
} as const;

/** Two cards: what it takes and gives, and what it is worth. */
export function facts(model: Model, check: () => Promise<{ passed: boolean; text: string }>): HTMLElement[] {
  const through = h(
    'section',
    { class: 'bl-card' },
    ...ports('Takes', model.inputs, model.features),
    ...ports('Gives', model.outputs, [])
  );
  return [h('div', { class: 'bl-cards' }, through, proof(model, check))];
}

function proof(model: Model, check: () => Promise<{ passed: boolean; text: string }>): HTMLElement {
  const means = model.verdict && h('p', {}, MEANS[model.verdict]);
  if (!model.proof_rows) {
    return h(
      'section',
      { class: 'bl-card' },
      h('h3', {}, 'No proof'),
      means,
      h(
        'p',
        {},
        `Kind: ${shown(model.kind)}. It carries no proof, so nothing here says that it computes what it should.`
      ),
      model.updatable && h('p', {}, 'An app may train it further on the device.')
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
          answer.textContent = shown(text.replace(/^ +/gm, ''), 2000);
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
    { class: 'bl-card' },
    h('h3', {}, 'Proof'),
    means,
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

function ports(title: string, all: Port[], features: string[]): Node[] {
  const row = (port: Port) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, shown(port.name)),
      h('td', {}, `${shown(port.dtype)} ${shown(port.shape)}`, port.image && ` an image in ${shown(port.image)}`),
      h('td', { class: 'bl-muted' }, ...(port.method ? ['what ', h('code', {}, shown(port.method)), ' gives'] : []))
    );
  const names = shown(features.map(each => shown(each, 80)).join(', '), 2000);
  return [
    h('h3', {}, title),
    h('table', {}, h('tbody', {}, ...all.map(row))),
    ...(features.length > 0 ? [h('p', { class: 'bl-muted' }, `Features in order: ${names}`)] : [])
  ];
}
