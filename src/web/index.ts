export { ErrorPage } from './consent/error-page.js';
export type { ScreenContext, TestHints } from './consent/frame.js';
export { StepPage } from './consent/steps.js';
export { HomePage, type HomeView } from './home/home-page.js';
export {
  assertReadable,
  assetsRouter,
  contentSecurityPolicy,
  renderPage,
  SANDBANK_THEME,
  type Theme,
} from './kit/index.js';
