import type { JSX } from 'preact';

import { AlertIcon, EN, Page, type Texts, type Theme } from '../kit/index.js';

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
  readonly texts?: Texts;
  /** Back to the TPP with the standard's error, where that is safe. */
  readonly returnTo?: { readonly name?: string; readonly url: string };
}): JSX.Element {
  const { theme, code, message, interactionId, returnTo } = props;
  const texts = props.texts ?? EN;
  const { error } = texts;
  const plain = PLAIN[code];
  return (
    <Page title={error.page} theme={theme} assets={props.assets} texts={texts}>
      <div class="card">
        <p class="oops">
          <AlertIcon />
          {error.oops}
        </p>
        <h1>{error.title}</h1>
        <p class="lead">{plain ?? texts.problem(code, message)}</p>
        {!SILENT.includes(code) && <p class="lead">{error.nothing}</p>}
        <dl class="facts small">
          <div>
            <dt>{error.error}</dt>
            <dd>
              <code id="error-code">{code}</code>
            </dd>
          </div>
          {plain !== undefined && (
            <div>
              <dt>{error.detail}</dt>
              <dd>{message}</dd>
            </div>
          )}
          {interactionId !== undefined && (
            <div>
              <dt>{error.reference}</dt>
              <dd>
                <code id="error-reference">{interactionId}</code>
              </dd>
            </div>
          )}
        </dl>
        {returnTo && (
          <div class="buttons">
            <a class="button" href={returnTo.url} id="error-return">
              {returnTo.name === undefined ? error.back : `Return to ${returnTo.name}`}
            </a>
          </div>
        )}
      </div>
    </Page>
  );
}
