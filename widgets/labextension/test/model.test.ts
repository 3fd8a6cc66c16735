import { describe, expect, it, vi } from 'vitest';
import type { Model, Operation } from '../src/requests';

vi.mock('@jupyterlab/services', () => ({ ServerConnection: {} }));

const { count, shown, size } = await import('../src/dom');
const { graphView, layout, MOST_IN_GRAPH } = await import('../src/viewer/graph');
const { matching, programView } = await import('../src/viewer/program');
const { readable } = await import('../src/viewer/readable');
const { figure, heights, weightsView } = await import('../src/viewer/weights');
const { exportNear, predictionFrom } = await import('../src/notebook/cells');

const HOSTILE = '<b onclick="window.ran = true">x</b>\u0000\u202e';

function operation(kind: string, name: string, from: string[], depth = 0): Operation {
  return {
    kind,
    name,
    depth,
    outputs: [{ name, type: 'float32[rows, 2]' }],
    inputs: from.map(each => ({ parameter: 'x', from: each }))
  };
}

function model(own: Partial<Model> = {}): Model {
  const operations = [
    operation('sub', 'centred', ['x']),
    operation('square', 'squared', ['centred']),
    operation('sqrt', 'out', ['squared'])
  ];
  return {
    path: 'a/m.mlpackage',
    kind: 'mlProgram',
    title: 'KMeans',
    description: '',
    inputs: [{ name: 'x', dtype: 'float32', shape: '(rows, 2)' }],
    outputs: [{ name: 'out', dtype: 'float32', shape: '(rows)', method: 'transform' }],
    features: ['a', 'b'],
    verdict: 'exact',
    proof_rows: 16,
    carries: { kind: 'rows', summary: '3 rows.', rows: 3 },
    operations,
    operation_count: operations.length,
    weights: [
      {
        name: 'stored',
        dtype: 'float32',
        shape: [3, 2],
        bytes: 24,
        used_by: ['centred'],
        low: -1,
        high: 2,
        mean: 0.5,
        histogram: [1, 0, 4],
        rows: [['1', '2']],
        more: true
      },
      { name: 'other', dtype: 'float32', shape: [4], bytes: 16, used_by: [], rows: [['7']] }
    ],
    weight_bytes: 40,
    files: [{ name: 'f', bytes: 10 }],
    precision: 'float32',
    compressed: [],
    specification: 7,
    system: 'iOS 16, macOS 13',
    updatable: false,
    metadata: {},
    versions: {},
    swift: 'struct M {}',
    no_swift: null,
    ...own
  };
}

describe('words', () => {
  it('makes hostile letters visible and long names short', () => {
    expect(shown('a\u0000b\u202ec\td')).toBe('a�b�c\td');
    expect(shown('é'.repeat(10_000), 20)).toBe(`${'é'.repeat(20)}…`);
  });

  it('says sizes and counts', () => {
    expect([size(1), size(999), size(4880), size(105_648_171)]).toEqual(['1 bytes', '999 bytes', '4.88 kB', '106 MB']);
    expect([count(1, 'row'), count(1200, 'row')]).toEqual(['1 row', '1,200 rows']);
  });
});

describe('the program', () => {
  it('is searched by kind and name', () => {
    const { operations } = model();
    expect([...matching(operations, 'SQ')]).toEqual([1, 2]);
    expect([...matching(operations, 'sub cent')]).toEqual([0]);
    expect([...matching(operations, '')]).toEqual([0, 1, 2]);
  });

  it('hides what does not fit, and says how many do', () => {
    const view = programView(model());
    const search = view.querySelector('input') as HTMLInputElement;
    search.value = 'square';
    search.dispatchEvent(new Event('input'));
    expect([...view.querySelectorAll<HTMLElement>('li')].map(each => each.hidden)).toEqual([true, false, true]);
    expect(view.querySelector('[role=status]')?.textContent).toBe('1 of 3 operations');
  });

  it('shows hostile names as text', () => {
    const view = programView(model({ operations: [operation(HOSTILE, HOSTILE, [HOSTILE])] }));
    expect(view.querySelector('summary')?.textContent).toContain('<b onclick=');
    expect(view.querySelectorAll('[onclick]')).toHaveLength(0);
  });
});

describe('the graph', () => {
  it('is drawn at once for a program that one can overlook, and on a press for a larger one', () => {
    const many = Array.from({ length: 61 }, (_, at) => operation('add', `v${at}`, [at ? `v${at - 1}` : 'x']));
    const view = programView(model({ operations: many }));
    expect(programView(model()).querySelectorAll('.bl-graph')).toHaveLength(1);
    expect(view.querySelectorAll('.bl-graph')).toHaveLength(0);
    view.querySelector('button')?.click();
    expect(view.querySelectorAll('.bl-node')).toHaveLength(62);
    expect(view.querySelector('button')?.getAttribute('aria-pressed')).toBe('true');
  });

  it('leads from the inputs to the outputs', () => {
    const laid = layout(model());
    expect(laid.nodes.map(each => each.label)).toEqual(['x', 'sub', 'square', 'sqrt', 'out']);
    expect(laid.edges).toHaveLength(4);
    const heights = laid.nodes.map(each => each.y);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(5);
  });

  it('leaves out blocks, and what is too much', () => {
    const many = Array.from({ length: 500 }, (_, at) => operation('add', `v${at}`, [at ? `v${at - 1}` : 'x']));
    const laid = layout(
      model({ operations: [operation('cond', 'c', ['x']), operation('add', 'inner', ['x'], 1), ...many] })
    );
    expect(laid.nodes.filter(each => each.kind === 'operation')).toHaveLength(MOST_IN_GRAPH);
    expect(laid.nodes.some(each => each.at === 1)).toBe(false);
  });

  it('is walked with the arrow keys', () => {
    Element.prototype.scrollIntoView = vi.fn();
    const select = vi.fn();
    const view = graphView(model(), select);
    const place = view.querySelector('.bl-graph') as HTMLElement;
    const press = (key: string) => place.dispatchEvent(new KeyboardEvent('keydown', { key }));
    press('ArrowDown');
    press('ArrowDown');
    expect(view.querySelector('[role=status]')?.textContent).toBe(
      'Operation 2: square makes squared, float32[rows, 2]'
    );
    press('Enter');
    expect(select).toHaveBeenCalledWith(1);
  });
});

describe('weights and rows', () => {
  it('draws what occurs at all', () => {
    expect(heights([0, 1, 1000], 28)).toEqual([0, 1, 28]);
    expect(weightsView(model()).querySelectorAll('rect')).toHaveLength(3);
    expect(weightsView(model({ weights: [] })).textContent).toContain('None');
    expect([-0.950001, 4201.8, 1.3e-7, 0].map(figure)).toEqual(['−0.95', '4,200', '1.3e−7', '0']);
  });

  it('shows rows of the training data as such', () => {
    const view = readable(model());
    expect(view.querySelectorAll('.bl-training')).toHaveLength(1);
    expect(view.querySelector('.bl-training figcaption')?.textContent).toBe(
      'Rows of the training data: stored, 3 × 2, 24 bytes'
    );
    expect(view.querySelector('.bl-training p')?.textContent).toBe('and 2 rows more');
    expect(view.querySelectorAll('.bl-training td')).toHaveLength(2);
    const [stored] = model().weights;
    const list = { ...stored, name: 'density', shape: [3], bytes: 12, rows: [['1', '2', '3']] };
    expect(readable(model({ weights: [list] })).querySelector('.bl-training figcaption')?.textContent).toBe(
      'A number for each row of the training data: density, 3, 12 bytes'
    );
    expect(readable(model({ carries: null })).textContent).toContain('did not say');
  });
});

describe('cells', () => {
  const cells = [
    'import x',
    'bl.course.predict(\n "a"',
    '',
    'model.predict(X)',
    'bl.export(m, "a.mlpackage")',
    'bl.ExportPanel(m, X)'
  ];

  it('finds the next prediction, which no model makes', () => {
    expect(predictionFrom(cells, 0)).toBe(1);
    expect(predictionFrom(cells, 2)).toBe(2);
  });

  it('finds the nearest export', () => {
    expect([0, 4, 5].map(at => exportNear(cells, at))).toEqual([4, 4, 5]);
    expect(exportNear(['a'], 0)).toBe(-1);
  });
});
