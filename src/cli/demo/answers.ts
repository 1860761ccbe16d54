import { SandbankError } from '../../kernel/index.js';
import type { ApiAnswer } from './third-party.js';

export interface ConsentAnswer {
  readonly Data: { readonly ConsentId: string; readonly Status: string };
}

export interface Balances {
  readonly Data: {
    readonly Balance: readonly {
      readonly Type: string;
      readonly CreditDebitIndicator: 'Credit' | 'Debit';
      readonly Amount: { readonly Amount: string; readonly Currency: string };
    }[];
  };
}

/** The body of an answer that is as it should be; else an error that names the interaction to explain. */
export function expectStatus<T>(status: number, answer: ApiAnswer): T {
  if (answer.status === status) return answer.body as T;
  throw new SandbankError(
    'internal',
    `The bank answered ${String(answer.status)}. See why: sandbank explain ${answer.interactionId}`,
    {
      expected: String(status),
      actual: JSON.stringify(answer.body ?? ''),
    },
  );
}
