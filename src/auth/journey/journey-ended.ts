import type { JourneyOutcome } from './journey-step.js';

/** Why a page of the bank ends the journey. */
export class JourneyEnded extends Error {
  readonly outcome: Extract<JourneyOutcome, { outcome: 'failed' }>;
  constructor(code: string, message: string, redirectTo?: string) {
    super(message);
    this.outcome = { outcome: 'failed', code, message, ...(redirectTo !== undefined && { redirectTo }) };
  }
}
