import type { AccountId, EligibleAccount } from '../../bank/index.js';
import type { ConsentView } from './consent-view.js';

/**
 * What a screen needs to know, and all it may know. One step, one page, one form. Screens are written against these
 * types (web/consent); the control API drives the same functions.
 */
export type JourneyStep = LoginStep | CodeStep | AccountsStep | ReviewStep | ConfirmStep;

interface StepBase {
  readonly uid: string;
  /** Must come back with the form. */
  readonly csrf: string;
  readonly asker: Asker;
  readonly view: ConsentView;
  /** What was wrong with the last try of this step, in plain words. */
  readonly problem?: string;
  /** The same as a code, for words in another language. */
  readonly problemCode?: string;
  /** Who logged in. Not for the page: the sandbox looks up the simulated phone by it. */
  readonly partyId?: string;
}

/** Who asks, by the directory's record. */
export interface Asker {
  /** The software's name. */
  readonly name: string;
  readonly organisation: string;
  /** `FCA 123456` */
  readonly registration?: string;
  readonly logoUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** Origin of the redirect URI of this request, for the page's form-action (CSP); two of them with a space between. */
  readonly redirectOrigin: string;
}

/** Customer number and password. */
export interface LoginStep extends StepBase {
  readonly step: 'login';
}

/** The second factor of an account-access journey. */
export interface CodeStep extends StepBase {
  readonly step: 'code';
  /** Masked: `mobile ending 4821`. */
  readonly sentTo: string;
  readonly attemptsLeft: number;
}

/** Account access: choose one or more. Payment without a named account: choose one. */
export interface AccountsStep extends StepBase {
  readonly step: 'accounts';
  readonly choice: 'many' | 'one';
  readonly accounts: readonly ShownAccount[];
}

export interface ShownAccount extends EligibleAccount {
  readonly balanceMinor: bigint;
}

/** Account access: approve or deny what is shared, from which accounts, until when. */
export interface ReviewStep extends StepBase {
  readonly step: 'review';
  readonly accounts: readonly ShownAccount[];
}

/** Payment: amount, payee and account on one screen, where entering the code is the approval. */
export interface ConfirmStep extends StepBase {
  readonly step: 'confirm';
  readonly account: ShownAccount;
  /** A basket may pay from several. */
  readonly accounts: readonly ShownAccount[];
  readonly sentTo: string;
  readonly attemptsLeft: number;
}

/** What a submitted form leads to. */
export type JourneyOutcome =
  | { readonly outcome: 'step'; readonly step: JourneyStep }
  /** Back to the TPP (or to the authorization endpoint, which goes there). */
  | { readonly outcome: 'done'; readonly redirectTo: string }
  /** A page of the bank: the journey cannot go on. `code` for the element with id error-code. */
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string; readonly redirectTo?: string };

export type AccountChoice = readonly AccountId[];
