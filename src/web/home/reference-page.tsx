import type { JSX } from 'preact';

import { Page, SANDBANK_THEME } from '../kit/index.js';

/** What there is to read about the APIs: each document as a page and as a file. */
export function ReferencePage(props: {
  readonly documents: readonly { readonly title: string; readonly page: string; readonly file: string }[];
}): JSX.Element {
  return (
    <Page
      title="API reference"
      theme={SANDBANK_THEME}
      assets="/assets"
      badge="Running"
      footer="Sandbank is a simulation for developers. No real money, no real people, nothing leaves this machine."
    >
      <div class="card">
        <h1>API reference</h1>
        <p class="lead">
          The documents that requests and answers are held against, to read or to generate clients from.
        </p>
        <ul class="links">
          {props.documents.map(({ title, page, file }) => (
            <li key={page}>
              <a href={page}>{title}</a>
              <small>
                <a href={file}>
                  OpenAPI file<span class="visually-hidden"> of {title}</span>
                </a>
              </small>
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}
