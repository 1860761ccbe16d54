import {
  bankMigrations,
  createBank,
  createClearing,
  type Account,
  type BankProfile,
  type Consent,
  type ConsentSubject,
  type NewAccount,
  type NewConsent,
  type PaymentInstruction,
  type ReferenceRates,
} from '../../src/bank/index.js';
import { createClock, createIdScheme, type Instant } from '../../src/kernel/index.js';
import { countersMigrations } from '../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, sortCodeOf, START } from './sample-bank.js';

export const OTHER: BankProfile = {
  ...PROFILE,
  id: 'dogger',
  name: 'Dogger Bank',
  sortCode: '402051',
  bic: 'DOGGGB2L',
};

/** One euro is 0.80 pounds, near enough. */
export const RATES: ReferenceRates = {
  base: 'EUR',
  perBase: { GBP: 8_000_000_000n, JPY: 1_800_000_000_000n },
  seed: 'two',
};

/** Two whole banks of one ecosystem, each with a customer who has 1,000.00 on her account. */
export async function openTwoBanks(start: Instant = START, profiles: readonly BankProfile[] = [PROFILE, OTHER]) {
  const { storage, close } = await openTemporaryStorage();
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: start });
  const wall = createClock({ mode: 'frozen', at: start });
  const ids = createIdScheme('two');
  const clearing = createClearing();
  const openSide = async (profile: BankProfile) => {
    const bank = createBank({ profile, storage, clock, ids, wall, clearing, rates: RATES });
    const party = await storage.transaction((tx) =>
      bank.parties.add(
        tx,
        {
          kind: 'person',
          name: 'Ms Amelia Clarke',
          fullLegalName: 'Amelia Clarke',
          email: 'a@example.com',
          mobile: '+447700900123',
          address: {
            streetName: 'Mill Lane',
            buildingNumber: '4',
            postCode: 'BS1',
            townName: 'Bristol',
            country: 'GB',
          },
          createdAt: start,
        },
        { customerNumber: '1001', password: 'right' },
      ),
    );
    const open = (amountMinor: bigint, more: Partial<NewAccount> = {}): Promise<Account> =>
      storage.transaction(async (tx) => {
        const account = await bank.accounts.open(tx, {
          product: { id: 'current', name: 'Current', type: 'current', category: 'personal' },
          currency: profile.currency,
          holderName: `MS A CLARKE AT ${profile.name.toUpperCase()}`,
          holders: [{ partyId: party.id, role: 'sole' }],
          openedAt: start,
          overdraftLimitMinor: 0n,
          ...more,
        });
        const currency = account.currency;
        const equity = await bank.ledger.internal(tx, 'opening-equity', currency);
        const detail = { code: 'opening-balance', text: 'OPENING BALANCE' } as const;
        const postings = [
          { account: account.ledgerAccount, amountMinor, detail },
          { account: equity, amountMinor: -amountMinor },
        ];
        if (amountMinor > 0n) await bank.ledger.post(tx, { bank: profile.id, currency, bookedAt: start, postings });
        return account;
      });
    const closeAccount = (account: Account) => storage.transaction((tx) => bank.accounts.close(tx, account.id));
    const booked = async (account: Account) => (await bank.accounts.balance(account.id)).bookedMinor;
    return { bank, party, open, closeAccount, booked };
  };
  const here = await openSide(profiles[0]!);
  const there = await openSide(profiles[1]!);
  const banks = [here.bank, there.bank];

  /** Business time moves on, and every bank does what falls due, in order of time over all of them. */
  const until = async (target: Instant): Promise<void> => {
    for (;;) {
      const dues = await Promise.all(banks.map((bank) => bank.schedules.nextDueAt()));
      const next = dues.filter((at) => at !== undefined && at <= target).sort((a, b) => a! - b!)[0];
      if (next === undefined) break;
      if (next > clock.now()) clock.moveTo(next);
      for (const bank of banks) await bank.catchUp(next);
    }
    if (target > clock.now()) clock.moveTo(target);
    for (const bank of banks) await bank.catchUp(target);
  };
  return { storage, clock, wall, clearing, here, there, banks, until, close };
}

export type TwoBanks = Awaited<ReturnType<typeof openTwoBanks>>;
export type Side = TwoBanks['here'];

export function instructionTo(payee: Account, more: Partial<PaymentInstruction> = {}): PaymentInstruction {
  return {
    amount: { amountMinor: 2_500n, currency: 'GBP' },
    creditor: { ...sortCodeOf(payee), name: payee.holderName },
    endToEndId: 'e2e',
    instructionId: 'i',
    reference: 'rent',
    rail: 'faster-payments',
    ...more,
  };
}

export async function lodge(
  { bank }: Pick<Side, 'bank'>,
  subject: ConsentSubject,
  more: Partial<NewConsent> = {},
): Promise<Consent> {
  const { value } = await bank.consents.create({
    clientId: 'tpp',
    standard: 'test',
    execution: 'on-authorisation',
    subject,
    reauthorisable: false,
    wire: '{}',
    ...more,
  });
  return value;
}

/** Her yes in the app of the bank, which takes no password. */
export async function agree({ bank }: Pick<Side, 'bank'>, consentId: string, accounts?: readonly Account[]) {
  const run = await bank.consents.startAuthorisation(consentId, 'decoupled', { customerNumber: '1001' });
  await bank.consents.sendChallenge(run.id);
  if (accounts)
    await bank.consents.chooseAccounts(
      run.id,
      accounts.map(({ id }) => id),
    );
  await bank.consents.answerDecoupled(run.id, 'approve');
  return bank.consents.approve(run.id, 'shown');
}

/** Lodges and agrees to a payment that the bank carries out; gives the consent's id. */
export async function order(side: Pick<Side, 'bank'>, from: Account, subject: ConsentSubject): Promise<string> {
  const { id } = await lodge(side, subject);
  await agree(side, id, [from]);
  return id;
}

function sumsOf(amounts: readonly { readonly currency: string; readonly bookedMinor: bigint }[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, bookedMinor } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + bookedMinor);
  return sums;
}

/** Whatever happened: each bank's books balance, and what stands between them is on its way. */
export async function expectSound({ storage, clearing, banks }: TwoBanks): Promise<void> {
  const underway = new Map<string, bigint>();
  for (const { bank, currency, amount } of await storage.read.all<{ bank: string; currency: string; amount: bigint }>(
    `SELECT bank, coalesce(transferred_currency, currency) AS currency, sum(coalesce(transferred_minor, amount_minor)) AS amount
     FROM payment_orders WHERE status = 'debited' GROUP BY 1, 2`,
  )) {
    underway.set(currency, (underway.get(currency) ?? 0n) + amount);
    if (!banks.some(({ profile }) => profile.id === bank)) throw new Error(`orders of ${bank}`);
  }
  const between = sumsOf(await clearing.positions(storage.read));
  if ([...between.values()].some((sum) => sum !== 0n))
    throw new Error('the banks disagree on what they owe each other');
  const inClearing = await Promise.all(
    banks.map((bank) => bank.ledger.internalBalances(storage.read, 'payment-clearing')),
  );
  for (const [currency, sum] of sumsOf(inClearing.flat())) {
    if (sum !== (underway.get(currency) ?? 0n))
      throw new Error(`${currency}: ${sum} in clearing, ${underway.get(currency)} under way`);
  }
  for (const bank of banks) {
    const { currencies, differences, heldDifferences, unbalancedEntries } = await bank.trialBalance();
    const isSound = currencies.every(({ sumMinor }) => sumMinor === 0n) && unbalancedEntries === 0;
    if (!isSound || differences.length + heldDifferences.length > 0) throw new Error(`${bank.profile.id} is not sound`);
    if ((await bank.schedules.parked()).length > 0) throw new Error('something could not be done');
  }
}
