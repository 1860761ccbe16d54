import {
  bankMigrations,
  createBank,
  createClearing,
  type Account,
  type Bank,
  type BankProfile,
  type Consent,
  type ConsentSubject,
  type NewAccount,
  type NewConsent,
  type PaymentInstruction,
} from '../../src/bank/index.js';
import { createClock, createIdScheme, localDate, plusMs, type Instant, type LocalDate } from '../../src/kernel/index.js';
import { countersMigrations } from '../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, sortCodeOf, START } from './sample-bank.js';

const OTHER: BankProfile = { ...PROFILE, id: 'dogger', name: 'Dogger Bank', sortCode: '402051', bic: 'DOGGGB2L' };

/** Two whole banks of one ecosystem, each with a customer who has 1,000.00 on her account. */
export async function openTwoBanks(start: Instant = START, profiles: readonly BankProfile[] = [PROFILE, OTHER]) {
  const database = openTemporaryStorage();
  const { storage } = database;
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: start });
  const wall = createClock({ mode: 'frozen', at: start });
  const ids = createIdScheme('two');
  const clearing = createClearing();
  const sides = [];
  for (const profile of profiles) {
    const bank = createBank({ profile, storage, clock, ids, wall, clearing });
    const party = await storage.transaction((tx) =>
      bank.parties.add(
        tx,
        {
          kind: 'person',
          name: `Ms Amelia Clarke of ${profile.id}`,
          fullLegalName: 'Amelia Clarke',
          email: 'a@example.com',
          mobile: '+447700900123',
          address: { streetName: 'Mill Lane', buildingNumber: '4', postCode: 'BS1', townName: 'Bristol', country: 'GB' },
          createdAt: start,
        },
        { customerNumber: '1001', password: 'right' },
      ),
    );
    const open = (amountMinor: bigint, more: Partial<NewAccount> = {}) => openAccount(bank, { party, amountMinor, start, more });
    sides.push({ bank, party, open, account: await open(100_000n) });
  }
  const [here, there] = sides as [(typeof sides)[0], (typeof sides)[0]];

  /** Business time moves on, and every bank does what falls due, in order of time over all of them. */
  const until = async (target: Instant) => {
    for (;;) {
      const dues = await Promise.all(sides.map(({ bank }) => bank.schedules.nextDueAt()));
      const next = dues.filter((at) => at !== undefined && at <= target).sort((a, b) => a! - b!)[0];
      if (next === undefined) break;
      if (next > clock.now()) clock.moveTo(next);
      for (const { bank } of sides) await bank.catchUp(next);
    }
    if (target > clock.now()) clock.moveTo(target);
    for (const { bank } of sides) await bank.catchUp(target);
  };
  const booked = async ({ bank }: { bank: Bank }, account: Account) => (await bank.accounts.balance(account.id)).bookedMinor;
  return { ...database, storage, clock, wall, clearing, here, there, until, booked };
}

export type TwoBanks = Awaited<ReturnType<typeof openTwoBanks>>;
export type Side = TwoBanks['here'];

async function openAccount(
  bank: Bank,
  { party, amountMinor, start, more }: { party: { id: string }; amountMinor: bigint; start: Instant; more: Partial<NewAccount> },
): Promise<Account> {
  return bank.accounts.open !== undefined && openIn(bank, { party, amountMinor, start, more });
}
