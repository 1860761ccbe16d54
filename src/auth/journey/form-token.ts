import { createHmac, timingSafeEqual } from 'node:crypto';

/** The token of the forms of one interaction; a page of another origin cannot know it. */
export function formToken(secret: Buffer, uid: string): string {
  return createHmac('sha256', secret).update(uid).digest('base64url');
}

export function isFormToken(given: string, secret: Buffer, uid: string): boolean {
  const expected = Buffer.from(formToken(secret, uid));
  const actual = Buffer.from(given);
  return expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
}
