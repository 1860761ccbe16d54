import type { Sandbox } from '../../src/index.js';
import type { Customer } from '../support/customer.js';
import type { ThirdParty } from '../support/third-party.js';

export interface WholePathStage {
  readonly sandbox: Sandbox;
  readonly tpp: ThirdParty;
  /** A salaried person with money and a long list of transactions. */
  readonly payer: Customer;
  readonly payee: Customer;
}
