import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { type Contents, IDefaultDrive } from '@jupyterlab/services';
import { modelIcon } from '../icons';
import { ModelView } from './view';

const OPEN = 'beyondlabels:open-model';
const FACTORY = 'Core ML model';
const WITHOUT_CONTENT = 'beyondlabels-without-content';

/** A look into a Core ML model: a `.mlmodel` by double-click, a `.mlpackage` folder from its context menu. */
export const viewerPlugin: JupyterFrontEndPlugin<void> = {
  id: 'beyondlabels:viewer',
  description: 'A look into any Core ML model.',
  autoStart: true,
  optional: [IFileBrowserFactory, ILayoutRestorer, IDefaultDrive],
  activate: (
    app: JupyterFrontEnd,
    browser: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null,
    drive: Contents.IDrive | null
  ) => {
    addFileType(app, drive);
    const tracker = new WidgetTracker<MainAreaWidget<ModelView>>({ namespace: 'beyondlabels-model' });
    const chosen = (): Contents.IModel | undefined => browser?.tracker.currentWidget?.selectedItems().next().value;
    app.commands.addCommand(OPEN, {
      label: 'Look into this Core ML package',
      icon: modelIcon,
      isVisible: () => isPackage(chosen()?.path),
      execute: args => {
        const path = (args.path as string | undefined) ?? chosen()?.path;
        if (path) {
          show(app, tracker, path);
        }
      }
    });
    app.contextMenu.addItem({ command: OPEN, selector: '.jp-DirListing-item[data-isdir="true"]', rank: 0 });
    void restorer?.restore(tracker, {
      command: OPEN,
      args: widget => ({ path: widget.content.path }),
      name: widget => widget.content.path
    });
  }
};

function isPackage(path: string | undefined): boolean {
  return !!path && path.toLowerCase().endsWith('.mlpackage');
}

function show(app: JupyterFrontEnd, tracker: WidgetTracker<MainAreaWidget<ModelView>>, path: string): void {
  const open = tracker.find(widget => widget.content.path === path);
  if (open) {
    open.content.read();
    app.shell.activateById(open.id);
    return;
  }
  const widget = new MainAreaWidget({ content: new ModelView(path) });
  widget.id = `beyondlabels-model-${path}`;
  widget.title.label = path.split('/').pop() ?? path;
  widget.title.caption = path;
  widget.title.icon = modelIcon;
  void tracker.add(widget);
  app.shell.add(widget, 'main');
}

/** The server reads the file; the page is never given its bytes, which may be hundreds of megabytes. */
function addFileType(app: JupyterFrontEnd, drive: Contents.IDrive | null): void {
  const provided = drive?.contentProviderRegistry?.register(WITHOUT_CONTENT, {
    get: async (path, options) => {
      const model = await drive.get(path, { ...options, contentProviderId: undefined, content: false });
      return { ...model, content: '', format: 'base64' as const };
    },
    save: () => Promise.reject(new Error('A Core ML model is not changed here.'))
  });
  app.docRegistry.addFileType({
    name: 'mlmodel',
    displayName: 'Core ML model',
    extensions: ['.mlmodel'],
    fileFormat: 'base64',
    contentType: 'file',
    mimeTypes: ['application/octet-stream'],
    icon: modelIcon
  });
  app.docRegistry.addWidgetFactory(
    new Factory({
      name: FACTORY,
      fileTypes: ['mlmodel'],
      defaultFor: ['mlmodel'],
      modelName: 'base64',
      readOnly: true,
      ...(provided ? { contentProviderId: WITHOUT_CONTENT } : {})
    })
  );
}

class Factory extends ABCWidgetFactory<DocumentWidget<ModelView>> {
  protected createNewWidget(context: DocumentRegistry.Context): DocumentWidget<ModelView> {
    return new DocumentWidget({ content: new ModelView(context.path), context });
  }
}
