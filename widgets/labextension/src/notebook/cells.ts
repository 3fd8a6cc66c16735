import type { NotebookPanel } from '@jupyterlab/notebook';

/** The source of every cell; '' for what is no code. */
export function sources(panel: NotebookPanel): string[] {
  const cells = panel.content.model?.cells;
  return Array.from({ length: cells?.length ?? 0 }, (_, at) => {
    const cell = cells?.get(at);
    return cell?.type === 'code' ? cell.sharedModel.getSource() : '';
  });
}

/** Make a cell the active one and bring it into view. Another wish to scroll, such as a running cell's, goes before ours. */
export async function goTo(panel: NotebookPanel, at: number): Promise<void> {
  panel.content.activeCellIndex = at;
  await panel.content.scrollToItem(at, 'center').catch(() => undefined);
}

/** Scroll to the first code cell whose source fits, and make it the active one. Returns its number, or -1. */
export async function showCell(panel: NotebookPanel, fits: (source: string) => boolean): Promise<number> {
  const at = sources(panel).findIndex(source => source !== '' && fits(source));
  if (at >= 0) {
    panel.content.deselectAll();
    await goTo(panel, at);
  }
  return at;
}

const PREDICT = /\bpredict\(\s*["']/;
const EXPORT = /\bExportPanel\(|\bbl\.export\(/;

/** The cell to stop at for "Run to here and predict": the next prediction from the active cell on, else the active cell. */
export function predictionFrom(all: string[], active: number): number {
  const found = all.findIndex((source, at) => at >= active && PREDICT.test(source));
  return found < 0 ? active : found;
}

/** The cell to run for "Export again": the last that exports up to the active one, else the first after it; -1 without any. */
export function exportNear(all: string[], active: number): number {
  const found = all.flatMap((source, at) => (EXPORT.test(source) ? [at] : []));
  return found.filter(at => at <= active).at(-1) ?? found[0] ?? -1;
}
