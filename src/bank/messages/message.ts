import type { Instant } from '../../kernel/index.js';
import type { PartyId } from '../parties/index.js';

/** What the bank sent a customer: the simulated phone and mailbox. */
export interface Message {
  readonly id: string;
  readonly partyId: PartyId;
  readonly channel: 'sms' | 'e-mail' | 'app';
  readonly sentAt: Instant;
  readonly subject: string;
  readonly body: string;
  /** The one-time code in it, where there is one, so that a test need not parse prose. */
  readonly code?: string;
  /** The authorisation that the customer may answer from this message, in her app. */
  readonly authorisationId?: string;
}
