/** As much HTML as plain server-rendered forms need. Elements are found by their ids, as a person finds them by sight. */
export interface HtmlForm {
  readonly method: 'GET' | 'POST';
  readonly action: string;
  readonly controls: readonly HtmlControl[];
}

export interface HtmlControl {
  readonly kind: 'input' | 'button';
  readonly type: string;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly value: string | undefined;
  readonly checked: boolean;
  readonly required: boolean;
}

/** What the person does in a form: text by element id, and true or false for a box. */
export type FormEntries = Readonly<Record<string, string | boolean>>;

/** The form that holds the element. Throws when no form of the page does. */
export function formWith(html: string, elementId: string): HtmlForm {
  const found = formsOf(html).find(({ controls }) => controls.some(({ id }) => id === elementId));
  if (found) return found;
  throw new Error(`the page has no form with #${elementId}: ${shorten(html)}`);
}

/** All fields that a browser would send when this button is pressed. */
export function fieldsOf(form: HtmlForm, buttonId: string, entries: FormEntries): URLSearchParams {
  const fields = new URLSearchParams();
  for (const id of Object.keys(entries)) {
    if (!form.controls.some((control) => control.id === id)) throw new Error(`the form has no field #${id}`);
  }
  for (const control of form.controls) {
    const entry = control.id === undefined ? undefined : entries[control.id];
    const value = control.kind === 'button' ? buttonValue(control, buttonId) : inputValue(control, entry);
    if (control.name !== undefined && value !== undefined) fields.append(control.name, value);
  }
  return fields;
}

/** Text of the element with this id, without its tags. */
export function textOf(html: string, id: string): string | undefined {
  const opening = new RegExp(`<([a-z0-9]+)\\b[^>]*\\bid="${id}"[^>]*>`, 'i').exec(html);
  if (!opening) return undefined;
  const rest = html.slice(opening.index + opening[0].length);
  const end = rest.search(new RegExp(`</${opening[1] ?? ''}>`, 'i'));
  return decode(rest.slice(0, end < 0 ? 0 : end).replace(/<[^>]*>/g, '')).trim();
}

/** Ids of the page that match, in the order of the page. */
export function idsOf(html: string, pattern: RegExp): readonly string[] {
  return [...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id ?? '').filter((id) => pattern.test(id));
}

function formsOf(html: string): readonly HtmlForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, tag = '', content = '']) => ({
    method: attribute(tag, 'method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    action: attribute(tag, 'action') ?? '',
    controls: [...content.matchAll(/<(input|button)\b([^>]*)>/gi)].map(([, kind = '', attributes = '']) =>
      toControl(kind.toLowerCase() as HtmlControl['kind'], attributes),
    ),
  }));
}

function toControl(kind: HtmlControl['kind'], attributes: string): HtmlControl {
  return {
    kind,
    type: attribute(attributes, 'type') ?? (kind === 'button' ? 'submit' : 'text'),
    id: attribute(attributes, 'id'),
    name: attribute(attributes, 'name'),
    value: attribute(attributes, 'value'),
    checked: /\schecked\b/.test(attributes),
    required: /\srequired\b/.test(attributes),
  };
}

function buttonValue(control: HtmlControl, buttonId: string): string | undefined {
  return control.id === buttonId ? (control.value ?? '') : undefined;
}

function inputValue(control: HtmlControl, entry: string | boolean | undefined): string | undefined {
  if (control.type === 'checkbox' || control.type === 'radio') {
    return (entry ?? control.checked) === true ? (control.value ?? 'on') : undefined;
  }
  return typeof entry === 'string' ? entry : (control.value ?? '');
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return found === undefined ? undefined : decode(found);
}

function decode(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_all, decimal: string) => String.fromCodePoint(Number(decimal)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function shorten(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}
