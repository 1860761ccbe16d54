import type { JSX } from 'preact';

import { Page, type Theme } from '../kit/index.js';

/** A page of the bank for what cannot be answered to the TPP. The fixed sentence and the id are stable. */
export function ErrorPage(props: {
  readonly theme: Theme;
  readonly assets: string;
  readonly code: string;
  readonly message: string;
  readonly interactionId?: string;
  /** Back to the TPP with the standard's error, where that is safe. */
  readonly returnTo?: { readonly name: string; readonly url: string };
}): JSX.Element {
  return (
    <Page title="This cannot go on" theme={props.theme} assets={props.assets}>
      <div class="card">
        <h1>Oops! Something went wrong</h1>
        <p class="lead">{props.message}</p>
        <dl class="facts">
          <div>
            <dt>Error</dt>
            <dd>
              <code id="error-code">{props.code}</code>
            </dd>
          </div>
          {props.interactionId !== undefined && (
            <div>
              <dt>Reference</dt>
              <dd>
                <code id="error-reference">{props.interactionId}</code>
              </dd>
            </div>
          )}
        </dl>
        <p class="hint">Nothing was shared and no money was moved.</p>
        {props.returnTo && (
          <div class="buttons">
            <a class="button" href={props.returnTo.url} id="error-return">
              Return to {props.returnTo.name}
            </a>
          </div>
        )}
      </div>
    </Page>
  );
}
