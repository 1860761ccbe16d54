import type { Random } from '../../src/kernel/index.js';
import type { ThirdParty } from '../support/third-party.js';
import { bodyOf, planPayment, postPayment, postPaymentConsent, type PaymentPlan } from '../support/uk-bank.js';

/** A write that the third party asks for, and what it knows of it. */
export interface Write {
  readonly kind: 'order' | 'consent';
  readonly plan: PaymentPlan;
  /** In pence. */
  readonly amount: bigint;
  readonly payer: string;
  readonly payee: string;
  state: 'unsent' | 'unanswered' | 'acknowledged';
  /** What the bank called it, once it said so. */
  id?: string;
  send(): Promise<string>;
}

/** Everything that was ever asked for, so that each round can look back at all earlier ones. */
export interface PaymentLoad {
  readonly orders: readonly Write[];
  readonly lodged: readonly Write[];
  /**
   * Clients that write as fast as they are answered: an order with the given chance, while there are any, else a new
   * consent. Resolves when all have lost the bank. `onAcknowledged` is told of each write that was answered.
   */
  run(options: { readonly clients: number; orderChance(): number; onAcknowledged(): void }): Promise<void>;
}

export function createPaymentLoad(context: {
  readonly tpp: ThirdParty;
  readonly clientToken: string;
  readonly random: Random;
  readonly orders: readonly Write[];
  readonly payee: { readonly name: string; readonly identification: string };
}): PaymentLoad {
  const { tpp, random } = context;
  const lodged: Write[] = [];
  const newLodging = (): Write => {
    const plan = planPayment({ amount: '1.00', payee: context.payee, reference: `LODGED-${lodged.length}` });
    const write: Write = {
      kind: 'consent',
      plan,
      amount: 100n,
      payer: '',
      payee: '',
      state: 'unsent',
      send: async () => bodyOf(await postPaymentConsent(tpp, plan, { token: context.clientToken }), 201).Data.ConsentId,
    };
    lodged.push(write);
    return write;
  };
  return {
    orders: context.orders,
    lodged,
    run: async ({ clients, orderChance, onAcknowledged }) => {
      const waiting = context.orders.filter(({ state }) => state === 'unsent');
      const client = async (): Promise<void> => {
        for (;;) {
          const write = (random.chance(orderChance()) ? waiting.shift() : undefined) ?? newLodging();
          if (!(await attempt(write))) return;
          onAcknowledged();
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
    },
  };
}

/** False when the bank was lost on the way. Any answer but success is a failure of the test. */
export async function attempt(write: Write): Promise<boolean> {
  write.state = 'unanswered';
  try {
    const id = await write.send();
    if (write.id !== undefined && write.id !== id)
      throw new Error(`${write.plan.reference} was ${write.id} and is now ${id}`);
    write.id = id;
    write.state = 'acknowledged';
    return true;
  } catch (error) {
    if (isLostConnection(error)) return false;
    throw error;
  }
}

/** An order for a consent that the customer has approved. */
export function toOrder(
  tpp: ThirdParty,
  approved: {
    readonly plan: PaymentPlan;
    readonly amount: bigint;
    readonly payer: string;
    readonly payee: string;
    readonly consentId: string;
    readonly token: string;
  },
): Write {
  const { plan, consentId, token } = approved;
  return {
    kind: 'order',
    plan,
    amount: approved.amount,
    payer: approved.payer,
    payee: approved.payee,
    state: 'unsent',
    send: async () => bodyOf(await postPayment(tpp, plan, { consentId, token }), 201).Data.DomesticPaymentId,
  };
}

/** fetch hides the socket's error behind `fetch failed` or `terminated`. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}
