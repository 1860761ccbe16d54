export { assetsRouter } from './assets.js';
export { Asker, CsrfField, describedBy, Facts, FormError, SandboxPanel, Steps, wrongField } from './components.js';
export { AlertIcon } from './icons.js';
export { displayDate, displayDateTime, displayIdentification, displayMoney, displayName, initials } from './format.js';
export { Page, type PageProps } from './layout.js';
export { chooseTexts, EN, type Texts } from './texts/index.js';
export { markSvg } from './mark.js';
export { renderPage } from './render.js';
export { STYLESHEET } from './stylesheet.js';
export {
  assertReadable,
  contrast,
  darkColours,
  SANDBANK_THEME,
  SURFACES,
  themeStylesheet,
  type Theme,
} from './theme.js';
export { contentSecurityPolicy } from './security-headers.js';
