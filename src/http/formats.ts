import { isIPv4 } from 'node:net';

import { parseInstant } from '../kernel/index.js';

/**
 * The formats of OpenAPI that documents use. A date-time may lack its zone or its time: bank APIs have query parameters
 * without one and take any ISO 8601 variant in bodies; a document that insists says so by a pattern.
 */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => parseInstant(text) !== undefined,
  date: (text) => !text.includes('T') && parseInstant(text) !== undefined,
  uuid: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  uri: (text) => URL.canParse(text),
  url: (text) => URL.canParse(text),
  ipv4: (text) => isIPv4(text),
  /** RFC 4648 section 4, with its padding. */
  byte: (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  email: (text) => text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text),
};
