import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A page as text. Preact escapes everything that is not markup of our own. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}
