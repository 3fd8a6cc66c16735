import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Course, Lesson } from '../src/requests';

vi.mock('@jupyterlab/services', () => ({ ServerConnection: {} }));
vi.mock('@jupyterlab/ui-components', () => ({ LabIcon: class {} }));

const { CoursePanel, share, told } = await import('../src/course/panel');
const { CourseState } = await import('../src/course/state');

const HOSTILE = '<img src=x onerror="window.ran = true"><script>window.ran = true</script>\u0007\u202e';

function lesson(own: Partial<Lesson> = {}): Lesson {
  return {
    number: 1,
    id: 'kmeans',
    title: 'K-means',
    file: '01_kmeans.ipynb',
    minutes: 40,
    present: true,
    exercises: [
      { id: 'kmeans.a', title: 'A', state: 'right' },
      { id: 'kmeans.b', title: 'B', state: 'not yet' }
    ],
    done: 1,
    predictions: { asked: 3, made: 1 },
    exported: ['penguins.mlpackage'],
    instructor: { question: 'Why?', misconceptions: ['one', 'two'], session: [[45, 'talk']] },
    state: 'begun',
    ...own
  };
}

function course(own: Partial<Course> = {}, one = lesson()): Course {
  return {
    folder: 'course',
    parts: [{ title: 'Groups', lessons: [one] }],
    next: { lesson: one.id, exercise: 'kmeans.b', title: 'B' },
    trouble: '',
    welcome: false,
    ...own
  };
}

const actions = { start: vi.fn(), open: vi.fn(), reset: vi.fn(), closeWelcome: vi.fn() };

const draw = (panel: InstanceType<typeof CoursePanel>): void =>
  MessageLoop.sendMessage(panel, Widget.Msg.UpdateRequest);

async function panelOf(told: Course) {
  const state = new CourseState();
  const panel = new CoursePanel(state, actions);
  await state.ask(async () => told);
  state.setOpen('course/01_kmeans.ipynb');
  draw(panel);
  document.body.replaceChildren(panel.node);
  return { node: panel.node, panel, state };
}

beforeEach(() => vi.clearAllMocks());

describe('a lesson in words', () => {
  it('says its state, exercises and packages', () => {
    expect(told(lesson())).toBe('begun, 1 of 2 exercises done, a package exported');
    expect(told(lesson({ state: 'done', exported: [] }))).toBe('all exercises done');
  });

  it('fills a ring', () => {
    expect(share(lesson())).toBe(0.5);
    expect(share(lesson({ done: 0, state: 'not started', predictions: { asked: 3, made: 0 } }))).toBe(0);
    expect(share(lesson({ done: 0 }))).toBe(0.1);
    expect(share(lesson({ done: 2 }))).toBe(1);
  });
});

describe('the panel', () => {
  it('shows the open lesson with its exercises, and leads on', async () => {
    const { node } = await panelOf(course());
    expect(node.querySelector('[aria-current="true"]')?.textContent).toContain('01 K-means');
    const exercises = [...node.querySelectorAll('.bl-exercise')].map(each => each.textContent);
    expect(exercises).toEqual(['✓A, done', '◐B, not yet']);
    const next = node.querySelector<HTMLElement>('[data-key="next"]');
    expect(next?.textContent).toBe('Continue: B');
    next?.click();
    expect(actions.open).toHaveBeenCalledWith(expect.objectContaining({ id: 'kmeans' }), 'kmeans.b');
  });

  it('keeps the focus where it was when something changes', async () => {
    const { node, panel, state } = await panelOf(course());
    node.querySelector<HTMLElement>('[data-key="kmeans.b"]')?.focus();
    const before = document.activeElement;
    await state.ask(async () => course({ trouble: 'a word' }));
    draw(panel);
    expect(document.activeElement).not.toBe(before);
    expect(document.activeElement?.getAttribute('data-key')).toBe('kmeans.b');
  });

  it('invites where there is no course', async () => {
    const { node } = await panelOf(course({ folder: null, parts: [], next: null }));
    node.querySelector<HTMLElement>('[data-key="start"]')?.click();
    expect(actions.start).toHaveBeenCalledOnce();
  });

  it('shows hostile names as text', async () => {
    const one = lesson({ title: HOSTILE, exercises: [{ id: 'kmeans.a', title: HOSTILE, state: 'right' }] });
    const { node } = await panelOf(
      course({ trouble: HOSTILE, next: { lesson: 'kmeans', exercise: null, title: HOSTILE } }, one)
    );
    expect(node.querySelectorAll('img, script')).toHaveLength(0);
    expect((window as unknown as { ran?: boolean }).ran).toBeUndefined();
    expect(node.querySelector('.bl-exercise')?.textContent).toContain('<img src=x');
    expect(['\u0007', '\u202e'].some(letter => node.textContent?.includes(letter))).toBe(false);
  });

  it('shows the welcome until it is closed', async () => {
    const { node, state } = await panelOf(course({ welcome: true }));
    expect(node.querySelector('.bl-welcome')).not.toBeNull();
    await state.ask(async () => course({ welcome: false }));
    expect(state.welcoming).toBe(true);
    state.closeWelcome();
    expect(state.welcoming).toBe(false);
  });
});

describe('the state', () => {
  it('ignores an answer that comes after a later one', async () => {
    const state = new CourseState();
    let late: (course: Course) => void = () => undefined;
    const first = state.ask(() => new Promise(resolve => (late = resolve)));
    await state.ask(async () => course({ trouble: 'new' }));
    late(course({ trouble: 'old' }));
    await first;
    expect(state.course?.trouble).toBe('new');
  });

  it('tells only when something changed', async () => {
    const state = new CourseState();
    const seen = vi.fn();
    state.changed.connect(seen);
    await state.ask(async () => course());
    await state.ask(async () => course({ events: ['a word'] }));
    expect(seen).toHaveBeenCalledOnce();
    await state.ask(async () => course({ trouble: 'other' }));
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it('says why the server did not answer, and keeps what it knew', async () => {
    const state = new CourseState();
    await state.ask(async () => course());
    expect(await state.ask(() => Promise.reject(new Error('no wire')))).toBeNull();
    expect(state.trouble).toContain('no wire');
    expect(state.lessons).toHaveLength(1);
  });

  it('knows a lesson by its path', async () => {
    const state = new CourseState();
    await state.ask(async () => course());
    expect(state.lessonOf('course/01_kmeans.ipynb')?.id).toBe('kmeans');
    expect(state.lessonOf('01_kmeans.ipynb')).toBeUndefined();
    await state.ask(async () => course({ folder: '.' }));
    expect(state.lessonOf('01_kmeans.ipynb')?.id).toBe('kmeans');
  });
});
