import type { ComponentChildren, JSX } from 'preact';

import { displayName, initials } from './format.js';
import { TickIcon } from './icons.js';
import { EN, type Texts } from './texts/index.js';

/** Who asks, at the head of a card: the names as registered, never as the third party calls itself in its request. */
export function Asker(props: {
  readonly name: string;
  readonly organisation: string;
  readonly registration?: string;
  /** What it asks for, as the end of a sentence that begins with its name. */
  readonly purpose?: string;
  readonly texts?: Texts;
}): JSX.Element {
  const { asker } = props.texts ?? EN;
  const name = displayName(props.name);
  const organisation = displayName(props.organisation);
  return (
    <div class="asker">
      <div class="asker-mark" aria-hidden="true">
        {initials(name)}
      </div>
      <div class="asker-text">
        <div>
          <strong class="asker-name" id="asker-name">
            {name}
          </strong>
          {props.purpose !== undefined && ` ${props.purpose}`}
        </div>
        <div class="asker-detail">
          <TickIcon />
          <span>
            {organisation === name ? asker.registered : asker.serviceOf(organisation)}
            {props.registration !== undefined && asker.as(displayName(props.registration))}
          </span>
        </div>
      </div>
    </div>
  );
}

/** Where the customer is in the journey. On narrow screens the bars stay and one line names the step. */
export function Steps(props: {
  readonly names: readonly string[];
  readonly current: number;
  readonly texts?: Texts;
}): JSX.Element {
  const { names, current } = props;
  const { steps } = props.texts ?? EN;
  return (
    <nav class="progress" aria-label={steps.progress}>
      <ol class="steps">
        {names.map((name, index) => (
          <li
            key={name}
            class={index < current ? 'done' : index === current ? 'now' : undefined}
            aria-current={index === current ? 'step' : undefined}
          >
            <span class="step-name">{name}</span>
            {index < current && <span class="visually-hidden">{steps.done}</span>}
          </li>
        ))}
      </ol>
      <p class="steps-now" aria-hidden="true">
        {steps.now(current + 1, names.length, names[current] ?? '')}
      </p>
    </nav>
  );
}

/** Id of the sentence in the error summary; the field it is about points to it with aria-describedby. */
export const FORM_ERROR_TEXT = 'form-error-text';

/** What went wrong with the last try. It takes the focus when the page opens, and leads to the field it is about. */
export function FormError(props: {
  readonly message: string;
  readonly field?: string;
  readonly texts?: Texts;
}): JSX.Element {
  return (
    <div class="notice danger" role="alert" id="form-error" tabIndex={-1} autofocus>
      <h2>{(props.texts ?? EN).page.problemHead}</h2>
      <p id={FORM_ERROR_TEXT}>
        {props.field === undefined ? props.message : <a href={`#${props.field}`}>{props.message}</a>}
      </p>
    </div>
  );
}

/** Attributes of a field that was wrong, or none. */
export function wrongField(problem: string | undefined): { readonly 'aria-invalid'?: 'true' } {
  return problem === undefined ? {} : { 'aria-invalid': 'true' };
}

/** Ids for aria-describedby: the hint, and the error where there is one. */
export function describedBy(hint: string | undefined, problem: string | undefined): string | undefined {
  const ids = [hint, problem === undefined ? undefined : FORM_ERROR_TEXT].filter((id) => id !== undefined);
  return ids.length === 0 ? undefined : ids.join(' ');
}

/** Pairs of a term and its value. */
export function Facts(props: {
  readonly items: readonly { readonly term: string; readonly value: ComponentChildren; readonly quiet?: string }[];
}): JSX.Element {
  return (
    <dl class="facts">
      {props.items.map(({ term, value, quiet }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>
            {value}
            {quiet !== undefined && <span class="quiet">{quiet}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A panel that is the sandbox's and not the bank's: no real bank would show this. */
export function SandboxPanel(props: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section class="sandbox-panel" aria-label={`Sandbox: ${props.title}`}>
      <span class="sandbox-tag">Sandbox</span>
      {props.children}
    </section>
  );
}

/** Binds a form to the interaction it belongs to. */
export function CsrfField(props: { readonly token: string }): JSX.Element {
  return <input type="hidden" name="csrf" value={props.token} />;
}
