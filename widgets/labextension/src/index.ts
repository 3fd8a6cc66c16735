import { coursePlugin } from './course/plugin';
import { notebookPlugin } from './notebook/plugin';
import { viewerPlugin } from './viewer/plugin';

export default [coursePlugin, notebookPlugin, viewerPlugin];
