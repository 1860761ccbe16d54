import type { ComponentChildren, JSX } from 'preact';

import { BankMark } from './mark.js';
import { EN, type Texts } from './texts/index.js';
import type { Theme } from './theme.js';

export interface PageProps {
  readonly title: string;
  readonly theme: Theme;
  /** Where the stylesheets are, e.g. `/bramble/assets`. */
  readonly assets: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
  /** Default English. */
  readonly texts?: Texts;
  /** In the head of the page; every page says that the bank is not real. */
  readonly badge?: string;
  /** Said in the footer; every page says that the bank is not real. */
  readonly footer?: string;
}

/** The frame of every page. No script, no inline style, no third-party anything. */
export function Page(props: PageProps): JSX.Element {
  const { title, theme, assets, texts = EN } = props;
  return (
    <html lang={texts.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} - ${theme.name}`}</title>
        <link rel="stylesheet" href={`${assets}/sandbank.css`} />
        <link rel="stylesheet" href={`${assets}/theme.css`} />
        <link rel="icon" type="image/svg+xml" href={`${assets}/mark.svg`} />
      </head>
      <body>
        <a class="skip" href="#main">
          {texts.page.skip}
        </a>
        <header class="bar">
          <div class="bar-inner">
            <span class="logo">
              <BankMark theme={theme} />
              {theme.name}
            </span>
            <span class="simulated">{props.badge ?? texts.page.badge}</span>
          </div>
        </header>
        <main id="main" class={props.wide === true ? 'wide' : undefined}>
          {props.children}
        </main>
        <footer>{props.footer ?? texts.page.footer(theme.name)}</footer>
      </body>
    </html>
  );
}
