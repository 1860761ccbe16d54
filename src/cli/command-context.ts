import type { Output } from './output.js';

/** What every command gets. */
export interface CommandContext {
  output(options: { readonly json?: boolean }): Output;
}
