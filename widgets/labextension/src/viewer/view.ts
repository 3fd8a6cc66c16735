import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { count, h, shown, size } from '../dom';
import { checkModel, type Model, Refusal, readModel } from '../requests';
import { BADGES, facts } from './facts';
import { programView } from './program';
import { readable } from './readable';
import { weightsView } from './weights';

/** One model, as the server describes it. */
export class ModelView extends Widget {
  constructor(readonly path: string) {
    super();
    this.addClass('bl-model');
    this.node.tabIndex = -1;
  }

  /** Ask the server and show what it says. */
  async read(): Promise<void> {
    this.node.replaceChildren(h('p', { class: 'bl-muted', role: 'status' }, `Reading ${shown(this.path)} …`));
    try {
      this.render(await readModel(this.path));
    } catch (error) {
      const words = error instanceof Refusal ? error.message : String(error);
      this.node.replaceChildren(
        h(
          'div',
          { class: 'bl-unreadable', role: 'alert' },
          h('h2', {}, 'This model cannot be read'),
          h('p', {}, shown(words, 1000)),
          h('button', { onclick: () => void this.read() }, 'Try again')
        )
      );
    }
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this.read();
  }

  private render(model: Model): void {
    this.node.replaceChildren(
      head(model),
      ...facts(model, () => checkModel(model.path)),
      section('What anyone who unzips the app can read', readable(model)),
      section(`The program: ${count(model.operation_count, 'operation')}`, programView(model)),
      section(`Weights: ${size(model.weight_bytes)}`, weightsView(model)),
      section(
        'Swift that calls it',
        model.swift
          ? h(
              'div',
              {},
              h('p', { class: 'bl-muted' }, 'Written after Apple’s documentation; it was not compiled here.'),
              h('pre', { tabindex: 0 }, model.swift)
            )
          : h('p', {}, shown(model.no_swift ?? '', 500)),
        false
      ),
      section('Files and metadata', filesAndMetadata(model), false)
    );
  }
}

/** What it is at a glance: verdict, name, and what an app's developer asks first. */
function head(model: Model): HTMLElement {
  const name = model.path.split('/').pop() ?? model.path;
  const badge = model.verdict && BADGES[model.verdict];
  const chips = [
    size(model.files.reduce((sum, file) => sum + file.bytes, 0)),
    model.system && `${model.system} and later`,
    model.precision,
    model.updatable ? 'updatable on the device' : 'not updatable'
  ].filter(each => each !== null);
  return h(
    'div',
    { class: 'bl-head' },
    h('h2', {}, badge && h('span', { class: 'bl-badge' }, badge), shown(model.title ?? name)),
    h('p', {}, h('code', {}, shown(name)), ...chips.map(each => h('span', { class: 'bl-chip' }, each))),
    model.description !== '' && model.description !== model.title && h('p', {}, shown(model.description, 400))
  );
}

function section(title: string, content: HTMLElement, open = true): HTMLElement {
  return h('details', { class: 'bl-section', open }, h('summary', {}, h('h3', {}, title)), content);
}

function filesAndMetadata(model: Model): HTMLElement {
  const rows = [
    ...model.files.map(file => [file.name, size(file.bytes)]),
    ['specification version', String(model.specification)],
    ...Object.entries(model.versions).map(([name, version]) => [`made with ${name}`, version ?? '']),
    ...Object.entries(model.metadata)
  ];
  return h(
    'table',
    {},
    h(
      'tbody',
      {},
      ...rows.map(([name = '', value = '']) =>
        h('tr', {}, h('th', { scope: 'row' }, shown(name)), h('td', {}, shown(value, 500)))
      )
    )
  );
}
