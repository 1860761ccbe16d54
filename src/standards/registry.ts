import { berlinGroup } from './berlin-group/index.js';
import type { Standard } from './standard.js';
import { ukObie } from './uk-obie/index.js';

/** Every standard that a bank of the ecosystem may speak. One line each. */
export const STANDARDS: readonly Standard[] = [ukObie, berlinGroup];
