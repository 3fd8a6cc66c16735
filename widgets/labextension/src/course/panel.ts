import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { count, h, shown, svg } from '../dom';
import { courseIcon } from '../icons';
import type { Course, Exercise, Lesson } from '../requests';
import type { CourseState } from './state';

/** What the panel asks for; the plugin does it. */
export interface Actions {
  start(): void;
  open(lesson: Lesson, exercise?: string): void;
  reset(lesson: Lesson): void;
  closeWelcome(): void;
}

const STATES: Record<Lesson['state'], string> = {
  'not started': 'not started',
  predicted: 'predictions made',
  begun: 'begun',
  done: 'all exercises done'
};
const MARKS: Record<Exercise['state'], [string, string]> = {
  right: ['✓', 'done'],
  'not yet': ['◐', 'not yet'],
  'not attempted': ['○', 'not attempted']
};

/** How far a lesson is, from 0 to 1: a part for its predictions, the rest for its exercises. */
export function share(lesson: Lesson): number {
  const exercises = lesson.exercises.length ? lesson.done / lesson.exercises.length : 0;
  const predicted = lesson.predictions.made > 0 || lesson.state !== 'not started' ? 0.1 : 0;
  return Math.min(1, Math.max(predicted, exercises));
}

/** The state of a lesson in words, as a screen reader says it. */
export function told(lesson: Lesson): string {
  const words = [STATES[lesson.state]];
  if (lesson.exercises.length && lesson.state !== 'done') {
    words.push(`${lesson.done} of ${count(lesson.exercises.length, 'exercise')} done`);
  }
  if (lesson.exported.length) {
    words.push(lesson.exported.length === 1 ? 'a package exported' : `${lesson.exported.length} packages exported`);
  }
  return words.join(', ');
}

/** A ring that fills as a lesson is done. */
function ring(part: number): SVGElement {
  const around = 2 * Math.PI * 5.5;
  return svg(
    'svg',
    { class: 'bl-ring', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    svg('circle', { cx: 8, cy: 8, r: 5.5, class: 'bl-ring-whole' }),
    part > 0 &&
      svg('circle', {
        cx: 8,
        cy: 8,
        r: 5.5,
        class: 'bl-ring-part',
        'stroke-dasharray': `${around * part} ${around}`,
        transform: 'rotate(-90 8 8)'
      }),
    part === 1 && svg('circle', { cx: 8, cy: 8, r: 4, class: 'bl-ring-done' })
  );
}

/** The course at your left hand. */
export class CoursePanel extends Widget {
  constructor(
    readonly state: CourseState,
    readonly actions: Actions
  ) {
    super({ node: h('nav', { 'aria-label': 'Beyond Labels course' }) });
    this.id = 'beyondlabels-course';
    this.addClass('bl-course');
    this.title.icon = courseIcon;
    this.title.caption = 'Beyond Labels: the course';
    state.changed.connect(this.update, this);
  }

  protected onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    this.state.refresh();
    this.update();
  }

  protected onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    const active = document.activeElement;
    const key = active && this.node.contains(active) ? active.getAttribute('data-key') : null;
    this.node.replaceChildren(...this.content());
    const same =
      key && [...this.node.querySelectorAll<HTMLElement>('[data-key]')].find(each => each.dataset.key === key);
    if (same) {
      same.focus();
    }
  }

  private content(): Node[] {
    const { course, trouble } = this.state;
    const problem = trouble || course?.trouble;
    const parts: Node[] = [
      this.head(),
      h('p', { class: 'bl-trouble', role: 'status' }, problem ? shown(problem, 400) : '')
    ];
    if (!course) {
      return problem ? parts : [...parts, h('p', { class: 'bl-muted' }, 'Looking for the course …')];
    }
    if (course.folder === null) {
      return [...parts, ...this.invitation()];
    }
    if (this.state.welcoming) {
      parts.push(this.welcome(course));
    }
    return [...parts, ...course.parts.map(part => this.part(part)), this.onwards(course)];
  }

  private head(): HTMLElement {
    const exercises = this.state.lessons.flatMap(lesson => lesson.exercises);
    const done = exercises.filter(each => each.state === 'right').length;
    return h(
      'header',
      {},
      h('h2', {}, 'Beyond Labels'),
      exercises.length > 0 &&
        h('span', { class: 'bl-muted', title: 'exercises done' }, `${done} of ${exercises.length}`)
    );
  }

  private invitation(): Node[] {
    return [
      h(
        'p',
        {},
        'Machine learning beyond classification and regression, and each result taken to Core ML as far as it goes.'
      ),
      h(
        'p',
        { class: 'bl-muted' },
        'The lessons are copied into a folder of their own; what you change in it is never overwritten.'
      ),
      h('button', { class: 'bl-primary', 'data-key': 'start', onclick: () => this.actions.start() }, 'Start the course')
    ];
  }

  private welcome(course: Course): HTMLElement {
    const first = course.parts[0]?.lessons[0];
    return h(
      'section',
      { class: 'bl-welcome', 'aria-label': 'Welcome' },
      h('h3', {}, 'Welcome'),
      h(
        'p',
        {},
        'Each lesson asks you to predict, lets you move the thing itself, and ends with a package or an honest limit.'
      ),
      h('p', {}, 'This panel follows you: exercises tick themselves off, and the last button always leads on.'),
      h(
        'div',
        { class: 'bl-row' },
        first &&
          h(
            'button',
            { class: 'bl-primary', 'data-key': 'welcome', onclick: () => this.actions.open(first) },
            `Open lesson ${first.number}`
          ),
        h('button', { 'data-key': 'welcome-close', onclick: () => this.actions.closeWelcome() }, 'Close')
      )
    );
  }

  private part(part: Course['parts'][number]): HTMLElement {
    return h(
      'section',
      {},
      h('h3', {}, shown(part.title)),
      h('ol', {}, ...part.lessons.map(lesson => this.lesson(lesson)))
    );
  }

  private lesson(lesson: Lesson): HTMLElement {
    const open = this.state.pathOf(lesson) === this.state.open;
    const number = String(lesson.number).padStart(2, '0');
    return h(
      'li',
      { class: open ? 'bl-lesson bl-open' : 'bl-lesson' },
      h(
        'button',
        {
          class: 'bl-lesson-title',
          'data-key': lesson.id,
          'aria-current': open && 'true',
          title: shown(`${lesson.title}: ${told(lesson)}`),
          onclick: () => this.actions.open(lesson)
        },
        ring(share(lesson)),
        h('span', { class: 'bl-name' }, `${number} ${shown(lesson.title)}`),
        h('span', { class: 'bl-hidden' }, `, ${told(lesson)}, `),
        h('span', { class: 'bl-muted' }, `${lesson.minutes} min`)
      ),
      open && this.inside(lesson)
    );
  }

  private inside(lesson: Lesson): HTMLElement {
    const { asked, made } = lesson.predictions;
    const facts = [
      asked > 0 && `${made} of ${count(asked, 'prediction')} made`,
      lesson.exported.length > 0 && `exported: ${lesson.exported.join(', ')}`
    ].filter(Boolean);
    return h(
      'div',
      { class: 'bl-inside' },
      h('ul', { 'aria-label': 'Exercises' }, ...lesson.exercises.map(each => this.exercise(lesson, each))),
      facts.length > 0 && h('p', { class: 'bl-muted' }, shown(facts.join('; '))),
      notes(lesson),
      h('button', { 'data-key': `reset-${lesson.id}`, onclick: () => this.actions.reset(lesson) }, 'Reset this lesson')
    );
  }

  private exercise(lesson: Lesson, exercise: Exercise): HTMLElement {
    const [mark, word] = MARKS[exercise.state];
    const next = this.state.course?.next?.exercise === exercise.id;
    return h(
      'li',
      {},
      h(
        'button',
        {
          class: next ? 'bl-exercise bl-next' : 'bl-exercise',
          'data-key': exercise.id,
          onclick: () => this.actions.open(lesson, exercise.id)
        },
        h('span', { class: `bl-mark bl-${exercise.state.replace(' ', '-')}`, 'aria-hidden': 'true' }, mark),
        h('span', {}, shown(exercise.title)),
        h('span', { class: 'bl-hidden' }, `, ${word}`)
      )
    );
  }

  private onwards(course: Course): HTMLElement {
    const { next } = course;
    const lesson = next && this.state.lessons.find(each => each.id === next.lesson);
    if (!next || !lesson) {
      return h('p', { class: 'bl-onwards' }, 'Every exercise is done. What will you export next?');
    }
    const fresh = lesson.state === 'not started';
    const words = fresh ? `Next: ${lesson.title}` : `Continue: ${next.title}`;
    return h(
      'div',
      { class: 'bl-onwards' },
      h(
        'button',
        {
          class: 'bl-primary',
          'data-key': 'next',
          onclick: () => this.actions.open(lesson, fresh ? undefined : (next.exercise ?? undefined))
        },
        shown(words, 80)
      )
    );
  }
}

function notes({ instructor }: Lesson): HTMLElement {
  return h(
    'details',
    {},
    h('summary', {}, 'For whoever teaches it'),
    h('p', {}, h('b', {}, 'To discuss: '), shown(instructor.question, 600)),
    h('p', {}, h('b', {}, 'Often believed: '), shown(instructor.misconceptions.join(' '), 900)),
    h(
      'ul',
      {},
      ...instructor.session.map(([minutes, words]) => h('li', {}, h('b', {}, `${minutes} min `), shown(words, 400)))
    )
  );
}
