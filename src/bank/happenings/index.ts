export { createHappenings, type Happenings, type HappeningsOptions } from './create-happenings.js';
export type { Happened, Happening, HappeningCount, Watch } from './happening.js';
