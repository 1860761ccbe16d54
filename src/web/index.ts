export { consentRouter, renderErrorPage, type ConsentRouterOptions } from './consent/consent-router.js';
export type { TestHints } from './consent/test-hints.js';
export { readerTexts } from './consent/reader-language.js';
export { PhonePage, type PhoneProps, type Waiting } from './phone/phone-page.js';
export { HomePage, type HomeView } from './home/home-page.js';
export { ReferencePage } from './home/reference-page.js';
export {
  assertReadable,
  assetsRouter,
  contentSecurityPolicy,
  renderPage,
  SANDBANK_THEME,
  type Theme,
} from './kit/index.js';
