import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry, Notification, ToolbarButton } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { Commands, ICourse } from '../course/plugin';
import type { CourseState } from '../course/state';
import { exportNear, goTo, predictionFrom, sources } from './cells';

const READING = 'bl-reading';

/** Three buttons and a reading width for the notebooks of the course, and for no others. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'beyondlabels:notebook',
  description: 'Help in the notebooks of the course.',
  autoStart: true,
  requires: [ICourse],
  optional: [IToolbarWidgetRegistry],
  activate: (app: JupyterFrontEnd, course: CourseState, toolbars: IToolbarWidgetRegistry | null) => {
    app.docRegistry.addWidgetExtension('Notebook', new Reading(course));
    for (const { name, label, tooltip, press } of buttons(app)) {
      toolbars?.addFactory<NotebookPanel>('Notebook', name, panel => {
        const button = new ToolbarButton({ label, tooltip, onClick: () => press(panel) });
        whenLesson(course, panel, lesson => {
          button.setHidden(!lesson);
          MessageLoop.postMessage(panel.toolbar, Widget.ResizeMessage.UnknownSize); // it measures its items again
        });
        return button;
      });
    }
  }
};

/** What stands in a lesson's toolbar; the order is in schema/notebook.json, by name. */
function buttons(app: JupyterFrontEnd) {
  return [
    {
      name: 'beyondlabels-predict',
      label: 'Run to here and predict',
      tooltip: 'Run everything up to the next prediction',
      press: (panel: NotebookPanel) => void runToPrediction(panel)
    },
    {
      name: 'beyondlabels-export',
      label: 'Export again',
      tooltip: 'Run the nearest export of this lesson once more',
      press: (panel: NotebookPanel) => void exportAgain(panel)
    },
    {
      name: 'beyondlabels-reset',
      label: 'Reset this lesson',
      tooltip: 'A fresh copy; yours is kept as a backup',
      press: () => void app.commands.execute(Commands.reset)
    }
  ];
}

/** Call `then` now and whenever a notebook may have become a lesson or ceased to be one. */
function whenLesson(course: CourseState, panel: NotebookPanel, then: (lesson: boolean) => void): void {
  const look = () => {
    if (!panel.isDisposed) {
      then(course.lessonOf(panel.context.path) !== undefined);
    }
  };
  course.changed.connect(look);
  panel.context.pathChanged.connect(look);
  panel.disposed.connect(() => course.changed.disconnect(look));
  look();
}

class Reading implements DocumentRegistry.WidgetExtension {
  constructor(private course: CourseState) {}

  createNew(panel: NotebookPanel): IDisposable {
    whenLesson(this.course, panel, lesson => panel.toggleClass(READING, lesson));
    return new DisposableDelegate(() => panel.removeClass(READING));
  }
}

async function runToPrediction(panel: NotebookPanel): Promise<void> {
  const { content } = panel;
  const stop = predictionFrom(sources(panel), content.activeCellIndex);
  await NotebookActions.runCells(content, content.widgets.slice(0, stop + 1), panel.sessionContext);
  await goTo(panel, stop);
}

async function exportAgain(panel: NotebookPanel): Promise<void> {
  const { content } = panel;
  const at = exportNear(sources(panel), content.activeCellIndex);
  const cell = content.widgets[at];
  if (!cell) {
    Notification.info('This lesson exports nothing.', { autoClose: 5000 });
    return;
  }
  await goTo(panel, at);
  await NotebookActions.runCells(content, [cell], panel.sessionContext);
}
