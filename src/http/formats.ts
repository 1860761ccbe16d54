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
  email: (text) => text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text),
};
