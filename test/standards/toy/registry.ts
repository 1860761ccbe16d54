import { STANDARDS } from '../../../src/standards/registry.js';
import { toy } from './index.js';

/** The registry with its one line more. */
export const WITH_TOY = [...STANDARDS, toy];
