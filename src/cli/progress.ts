import type { Output } from './output.js';

const BAR = 24;
/** Where nobody looks, one line for each such part of the way. */
const LINES = 10;

/** Shows how far something long has come: a bar that is drawn over in a terminal, a few plain lines elsewhere. */
export function createProgress(
  output: Output,
  options: { readonly isTerminal: boolean },
): (part: number, words: string) => void {
  let told = 0;
  return (part, words) => {
    const filled = Math.round(part * BAR);
    const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
    if (options.isTerminal) {
      output.progress(`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${percent}  ${words}`);
      return;
    }
    const reached = Math.floor(part * LINES);
    if (reached <= told) return;
    told = reached;
    output.say(`${percent}  ${words}`);
  };
}
