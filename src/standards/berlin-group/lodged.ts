import { SandbankError } from '../../kernel/index.js';
import type { Consent } from '../../bank/index.js';
import type { Call } from '../standard.js';
import type { PaymentProductName, PaymentService } from './codes.js';

/** What is kept of the request that made a resource, as the wire of its consent. */
export interface Lodged {
  /** The body as JSON; for one in XML, what beside it was JSON. */
  readonly request?: unknown;
  readonly xml?: string;
  readonly service?: PaymentService;
  readonly product?: PaymentProductName;
  readonly redirectUri?: string;
  readonly nokRedirectUri?: string;
  /** How the third party would rather have its customer authorise, in every start that says nothing of it. */
  readonly preferences?: Preferences;
}

export interface Preferences {
  readonly redirect?: boolean;
  readonly decoupled?: boolean;
}

export function writeLodged(call: Call, lodged: Lodged): string {
  return JSON.stringify({ ...lodged, ...redirectsOf(call), preferences: preferencesOf(call) });
}

export function lodgedOf({ wire }: Pick<Consent, 'wire'>): Lodged {
  return JSON.parse(wire) as Lodged;
}

/** Where the third party wants its customer back. Throws `header.invalid` for what a browser would run or show itself. */
export function redirectsOf(call: Pick<Call, 'headers'>): Pick<Lodged, 'redirectUri' | 'nokRedirectUri'> {
  const redirectUri = addressIn(call, 'TPP-Redirect-URI');
  const nokRedirectUri = addressIn(call, 'TPP-Nok-Redirect-URI');
  return { ...(redirectUri !== undefined && { redirectUri }), ...(nokRedirectUri !== undefined && { nokRedirectUri }) };
}

export function preferencesOf({ headers }: Pick<Call, 'headers'>): Preferences {
  const redirect = flag(headers['tpp-redirect-preferred']);
  const decoupled = flag(headers['tpp-decoupled-preferred']);
  return { ...(redirect !== undefined && { redirect }), ...(decoupled !== undefined && { decoupled }) };
}

/** Headers are texts: only these two words are told apart (the document refuses others). */
export function flag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value.toLowerCase() === 'true';
}

function addressIn({ headers }: Pick<Call, 'headers'>, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  if (value === undefined) return undefined;
  const isAddress = URL.canParse(value) && !/^(?:javascript|data|vbscript|blob|file|about):/i.test(value.trim());
  if (isAddress) return value;
  throw new SandbankError('header.invalid', `${name} is not an address to which a customer can be sent.`, {
    path: name,
    expected: 'an absolute address',
    actual: value,
  });
}
