import { styleText } from 'node:util';

/** How a command talks: data on standard output, talk on standard error, colours only where somebody looks. */
export interface Output {
  readonly json: boolean;
  /** Data. With --json one JSON value a line, else the text. */
  data(value: unknown, text: string): void;
  /** Talk for people; silent with --json. */
  say(text?: string): void;
  /** A step under way: drawn over in a terminal, one line each elsewhere. */
  progress(text: string): void;
  /** Ends the step that was drawn. */
  done(text: string): void;
  strong(text: string): string;
  quiet(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly colours: boolean;
}

export function createOutput(json: boolean, streams: Streams): Output {
  const { out, err } = streams;
  const live = err.isTTY === true && !json;
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    streams.colours ? styleText(format, text, { validateStream: false }) : text;
  const clear = live ? '\r\u001b[2K' : '';
  return {
    json,
    data: (value, text) => {
      out.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    say: (text = '') => {
      if (!json) err.write(`${text}\n`);
    },
    progress: (text) => {
      if (live) err.write(`${clear}${paint('dim', '…')} ${text}`);
    },
    done: (text) => {
      if (!json) err.write(`${clear}${text}\n`);
    },
    strong: (text) => paint('bold', text),
    quiet: (text) => paint('dim', text),
    good: (text) => paint('green', text),
    bad: (text) => paint('red', text),
  };
}
