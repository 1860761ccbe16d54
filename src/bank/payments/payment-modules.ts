import type { Clock, IdScheme } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Accounts } from '../accounts/index.js';
import type { Consents } from '../consents/index.js';
import type { EventLog } from '../events/index.js';
import type { Exchange } from '../exchange/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Parties } from '../parties/index.js';
import type { BankProfile } from '../profile.js';
import type { Schedules } from '../schedules/index.js';
import type { Clearing } from './clearing.js';

/** What payments are made with. */
export interface PaymentModules {
  readonly profile: BankProfile;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  readonly consents: Consents;
  readonly schedules: Schedules;
  readonly events: EventLog;
  readonly exchange: Exchange;
  /** Who the holders of accounts are; without them only what accounts say of themselves is known. */
  readonly parties?: Pick<Parties, 'get'>;
  /** The way to the other banks of the ecosystem; without it they are all outside. */
  readonly clearing?: Clearing;
}
