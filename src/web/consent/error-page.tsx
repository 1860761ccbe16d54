import type { JSX } from 'preact';

import { AlertIcon, Page, type Theme } from '../kit/index.js';

/** Codes that say nothing about what was decided before, such as a page that is opened again after the end. */
const SILENT: readonly string[] = ['journey-not-found', 'form-not-genuine'];

/** What the customer needs to know of an OAuth error; the technical sentence stays below, for the developer. */
const PLAIN: Readonly<Record<string, string>> = {
  invalid_client: 'The app that sent you here is not registered with us.',
  unauthorized_client: 'The app that sent you here may not ask for this.',
  invalid_redirect_uri: 'The app that sent you here wants you back at an address that it has not registered.',
  invalid_request: 'The app that sent you here asked in a way that we cannot accept.',
  invalid_request_object: 'The app that sent you here asked in a way that we cannot accept.',
  invalid_request_uri: 'This request has been used already, or has expired. Please start again from the app.',
};

/**
 * A page of the bank for what cannot be answered to the TPP. The ids are stable, and so is the sentence with Oops: test
 * suites of the trade look for it.
 */
export function ErrorPage(props: {
  readonly theme: Theme;
  readonly assets: string;
  readonly code: string;
  readonly message: string;
  readonly interactionId?: string;
  /** Back to the TPP with the standard's error, where that is safe. */
  readonly returnTo?: { readonly name: string; readonly url: string };
}): JSX.Element {
  const { theme, code, message, interactionId, returnTo } = props;
  const plain = PLAIN[code];
  return (
    <Page title="This cannot go on" theme={theme} assets={props.assets}>
      <div class="card">
        <p class="oops">
          <AlertIcon />
          Oops! Something went wrong
        </p>
        <h1>We cannot go on with this</h1>
        <p class="lead">{plain ?? message}</p>
        {!SILENT.includes(code) && <p class="lead">Nothing was shared and no money was moved.</p>}
        <dl class="facts small">
          <div>
            <dt>Error</dt>
            <dd>
              <code id="error-code">{code}</code>
            </dd>
          </div>
          {plain !== undefined && (
            <div>
              <dt>Detail</dt>
              <dd>{message}</dd>
            </div>
          )}
          {interactionId !== undefined && (
            <div>
              <dt>Reference</dt>
              <dd>
                <code id="error-reference">{interactionId}</code>
              </dd>
            </div>
          )}
        </dl>
        {returnTo && (
          <div class="buttons">
            <a class="button" href={returnTo.url} id="error-return">
              Return to {returnTo.name}
            </a>
          </div>
        )}
      </div>
    </Page>
  );
}
