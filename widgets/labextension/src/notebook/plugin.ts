import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification, ToolbarButton } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { type INotebookModel, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Commands, ICourse } from '../course/plugin';
import type { CourseState } from '../course/state';
import { exportNear, predictionFrom, sources } from './cells';

const READING = 'bl-reading';

/** Three buttons and a reading width for the notebooks of the course, and for no others. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'beyondlabels:notebook',
  description: 'Help in the notebooks of the course.',
  autoStart: true,
  requires: [ICourse],
  activate: (app: JupyterFrontEnd, course: CourseState) => {
    app.docRegistry.addWidgetExtension('Notebook', new Help(app, course));
  }
};

class Help implements DocumentRegistry.WidgetExtension {
  constructor(
    private app: JupyterFrontEnd,
    private course: CourseState
  ) {}

  createNew(panel: NotebookPanel, context: DocumentRegistry.IContext<INotebookModel>): IDisposable {
    const buttons = new DisposableSet();
    const look = () => {
      const lesson = this.course.lessonOf(context.path);
      panel.toggleClass(READING, !!lesson);
      if (lesson && !buttons.isDisposed) {
        for (const [name, button] of this.buttons(panel)) {
          if (panel.toolbar.insertAfter('cellType', name, button) || panel.toolbar.addItem(name, button)) {
            buttons.add(button);
          }
        }
        this.course.changed.disconnect(look);
      }
    };
    this.course.changed.connect(look);
    void context.ready.then(look);
    panel.disposed.connect(() => this.course.changed.disconnect(look));
    return buttons;
  }

  private buttons(panel: NotebookPanel): [string, ToolbarButton][] {
    const make = (label: string, tooltip: string, onClick: () => void): ToolbarButton =>
      new ToolbarButton({ label, tooltip, onClick });
    return [
      [
        'beyondlabels-export',
        make('Export again', 'Run the nearest export of this lesson once more', () => void exportAgain(panel))
      ],
      [
        'beyondlabels-reset',
        make(
          'Reset this lesson',
          'A fresh copy; yours is kept as a backup',
          () => void this.app.commands.execute(Commands.reset)
        )
      ],
      [
        'beyondlabels-predict',
        make('Run to here and predict', 'Run everything up to the next prediction', () => void runToPrediction(panel))
      ]
    ];
  }
}

async function runToPrediction(panel: NotebookPanel): Promise<void> {
  const { content } = panel;
  const stop = predictionFrom(sources(panel), content.activeCellIndex);
  await NotebookActions.runCells(content, content.widgets.slice(0, stop + 1), panel.sessionContext);
  content.activeCellIndex = stop;
  await content.scrollToItem(stop, 'center');
}

async function exportAgain(panel: NotebookPanel): Promise<void> {
  const { content } = panel;
  const at = exportNear(sources(panel), content.activeCellIndex);
  const cell = content.widgets[at];
  if (!cell) {
    Notification.info('This lesson exports nothing.');
    return;
  }
  content.activeCellIndex = at;
  await content.scrollToItem(at, 'center');
  await NotebookActions.runCells(content, [cell], panel.sessionContext);
}
