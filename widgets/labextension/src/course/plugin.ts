import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, Notification, showDialog } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import { courseIcon } from '../icons';
import { showCell } from '../notebook/cells';
import { type Lesson, readCourse, welcomed } from '../requests';
import { CoursePanel } from './panel';
import { CourseState } from './state';

const CATEGORY = 'Beyond Labels';
const READ = 8000; // ms a message stays on the page; without it, it would only be listed behind the bell
const NARROW = 640; // px: a window that has no room for the panel and a lesson side by side

export namespace Commands {
  export const start = 'beyondlabels:start';
  export const show = 'beyondlabels:show';
  export const reset = 'beyondlabels:reset';
}

/** The course, for other plugins of this extension. */
export const ICourse = new Token<CourseState>('beyondlabels:ICourse', 'The course and how far the learner is.');

/** The course panel, its commands and its card in the launcher. */
export const coursePlugin: JupyterFrontEndPlugin<CourseState> = {
  id: 'beyondlabels:course',
  description: 'The course at your left hand: lessons, exercises, and what comes next.',
  autoStart: true,
  provides: ICourse,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    shell: ILabShell | null
  ) => {
    const state = new CourseState();
    const opener = new Opener(app, notebooks, state, shell);
    const panel = new CoursePanel(state, {
      start: () => void app.commands.execute(Commands.start),
      open: (lesson, exercise) => void opener.open(lesson, exercise),
      reset: lesson => void app.commands.execute(Commands.reset, { lesson: lesson.id }),
      closeWelcome: () => state.closeWelcome()
    });
    app.shell.add(panel, 'left', { rank: 150, type: 'Course' });
    restorer?.add(panel, panel.id);
    addCommands(app, state, opener, panel);
    for (const command of [Commands.start, Commands.show]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    launcher?.add({ command: Commands.start, category: 'Other', rank: 99 });
    follow(notebooks, state);
    void app.restored.then(async () => {
      await state.ask(readCourse);
      if (state.course?.welcome) {
        app.shell.activateById(panel.id);
        await welcomed();
      }
    });
    return state;
  }
};

function addCommands(app: JupyterFrontEnd, state: CourseState, opener: Opener, panel: CoursePanel): void {
  app.commands.addCommand(Commands.show, {
    label: 'Show the course',
    icon: courseIcon,
    execute: () => app.shell.activateById(panel.id)
  });
  app.commands.addCommand(Commands.start, {
    label: args => (args.isPalette ? 'Start the course' : 'Beyond Labels'),
    caption: 'Start the course, or go on where you left it',
    icon: courseIcon,
    execute: async () => {
      const told = await state.start();
      app.shell.activateById(panel.id);
      for (const line of told?.events ?? []) {
        Notification.info(line, { autoClose: READ });
      }
      const next = state.course?.next;
      const lesson = state.lessons.find(each => each.id === next?.lesson) ?? state.lessons[0];
      if (told && lesson) {
        await opener.open(lesson, lesson.state === 'not started' ? undefined : (next?.exercise ?? undefined));
      }
    }
  });
  app.commands.addCommand(Commands.reset, {
    label: 'Reset this lesson',
    execute: async args => {
      const lesson = state.lessons.find(each => each.id === args.lesson) ?? state.lessonOf(state.open);
      if (lesson) {
        await opener.reset(lesson);
      }
    }
  });
}

/** Know which notebook is in front, and ask again whenever its kernel has finished something. */
function follow(notebooks: INotebookTracker, state: CourseState): void {
  const look = () => state.setOpen(notebooks.currentWidget?.context.path ?? '');
  notebooks.currentChanged.connect(look);
  notebooks.widgetAdded.connect((_, panel: NotebookPanel) => {
    panel.context.pathChanged.connect(look);
    panel.sessionContext.statusChanged.connect((_session, status) => {
      if (status === 'idle') {
        state.refresh();
      }
    });
  });
}

class Opener {
  constructor(
    private app: JupyterFrontEnd,
    private notebooks: INotebookTracker,
    private state: CourseState,
    private shell: ILabShell | null
  ) {}

  /** Open a lesson; a missing one is copied again. With an exercise, go to its cell. */
  async open(lesson: Lesson, exercise?: string): Promise<void> {
    if (!lesson.present) {
      await this.state.start();
    }
    const path = this.state.pathOf(lesson);
    await this.app.commands.execute('docmanager:open', { path });
    if (window.innerWidth < NARROW) {
      this.shell?.collapseLeft(); // the lesson needs the room
    }
    const panel = this.notebooks.find(each => each.context.path === path);
    if (panel && exercise) {
      await panel.context.ready;
      await showCell(panel, source => source.includes(exercise));
    }
  }

  /** A fresh copy of a lesson. What was unsaved is saved first, so that the backup holds it. */
  async reset(lesson: Lesson): Promise<void> {
    const answer = await showDialog({
      title: `Reset "${lesson.title}"?`,
      body: 'You get a fresh copy. Your notebook is kept beside it as a backup, and what you have answered stays recorded.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Reset' })]
    });
    if (!answer.button.accept) {
      return;
    }
    const path = this.state.pathOf(lesson);
    const panel = this.notebooks.find(each => each.context.path === path);
    if (panel?.context.model.dirty) {
      await panel.context.save();
    }
    const told = await this.state.reset(lesson);
    await panel?.context.revert();
    const words = told?.events?.join(' ') || this.state.trouble;
    if (words) {
      Notification[told ? 'info' : 'error'](words, { autoClose: READ });
    }
  }
}
