import type { ComponentChildren, JSX } from 'preact';

import { displayName, initials } from './format.js';

/** Who asks: the TPP's names as registered, never as it calls itself in the request. */
export function Asker(props: {
  readonly name: string;
  readonly organisation: string;
  readonly registration?: string;
}): JSX.Element {
  const name = displayName(props.name);
  const organisation = displayName(props.organisation);
  return (
    <div class="asker">
      <div class="asker-mark" aria-hidden="true">
        {initials(name)}
      </div>
      <div>
        <div class="asker-name">{name}</div>
        <div class="asker-detail">
          {organisation === name ? 'Registered in the directory' : `Provided by ${organisation}`}
          {props.registration !== undefined && `, ${props.registration}`}
        </div>
      </div>
    </div>
  );
}

/** Where the customer is in the journey. */
export function Steps(props: { readonly names: readonly string[]; readonly current: number }): JSX.Element {
  return (
    <ol class="steps" aria-label="Progress">
      {props.names.map((name, index) => (
        <li
          key={name}
          class={index < props.current ? 'done' : index === props.current ? 'now' : undefined}
          aria-current={index === props.current ? 'step' : undefined}
        >
          {name}
          {index < props.current && <span class="visually-hidden"> (done)</span>}
        </li>
      ))}
    </ol>
  );
}

/** What went wrong with the last try, above the form; focus goes to it by its place in the page. */
export function FormError(props: { readonly message: string; readonly field?: string }): JSX.Element {
  return (
    <div class="notice danger" role="alert" id="form-error">
      <h2>There is a problem</h2>
      <p>{props.field === undefined ? props.message : <a href={`#${props.field}`}>{props.message}</a>}</p>
    </div>
  );
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

/** Binds a form to the interaction it belongs to. */
export function CsrfField(props: { readonly token: string }): JSX.Element {
  return <input type="hidden" name="csrf" value={props.token} />;
}
