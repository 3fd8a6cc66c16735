import { PathExt } from '@jupyterlab/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Course, type Lesson, Refusal, readCourse, resetLesson, startCourse } from '../requests';

const SOON = 250; // ms: several things that happen together are one reason to ask

/** The course as the server tells it, asked again when there is a reason to. */
export class CourseState {
  course: Course | null = null;
  trouble = '';
  /** Whether the welcome is on show: from the first start until it is closed or the page is left. */
  welcoming = false;
  /** The path of the notebook in front, or ''. */
  open = '';

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get lessons(): Lesson[] {
    return this.course?.parts.flatMap(part => part.lessons) ?? [];
  }

  /** The lesson of a notebook's path, if it is one of this course folder. */
  lessonOf(path: string): Lesson | undefined {
    return this.lessons.find(lesson => this.pathOf(lesson) === path);
  }

  pathOf(lesson: Lesson): string {
    return PathExt.join(this.course?.folder ?? '', lesson.file).replace(/^\.\//, '');
  }

  setOpen(path: string): void {
    if (path !== this.open) {
      this.open = path;
      this._changed.emit();
    }
  }

  closeWelcome(): void {
    this.welcoming = false;
    this._changed.emit();
  }

  /** Ask soon; calls in between are answered by the same question. */
  refresh(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.ask(readCourse), SOON);
  }

  start(): Promise<Course | null> {
    return this.ask(startCourse);
  }

  reset(lesson: Lesson): Promise<Course | null> {
    return this.ask(() => resetLesson(lesson.id));
  }

  async ask(question: () => Promise<Course>): Promise<Course | null> {
    const mine = ++this._asked;
    try {
      const course = await question();
      if (mine < this._answered) {
        return course; // a later question was answered first
      }
      this._answered = mine;
      const { events, ...told } = course;
      const same = this.trouble === '' && JSON.stringify(told) === JSON.stringify(this.course);
      this.course = told;
      this.trouble = '';
      this.welcoming ||= told.welcome;
      if (!same) {
        this._changed.emit();
      }
      return course;
    } catch (error) {
      this.trouble = error instanceof Refusal ? error.message : String(error);
      this._changed.emit();
      return null;
    }
  }

  private _asked = 0;
  private _answered = 0;
  private _timer = 0;
  private _changed = new Signal<this, void>(this);
}
