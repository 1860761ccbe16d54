import type { Bank, NewCredential, Party } from '../bank/index.js';
import { assert, instant, MS_PER_HOUR, startOfDay, type Instant, type LocalDate } from '../kernel/index.js';
import type { LivedAccount, Transaction } from './book.js';
import { DAY_ENDS_AT_HOUR } from './moment.js';
import type { Persona, PersonaAccount } from './persona.js';
import { wordingOf } from './wording.js';
import { bankFileOf, type World } from './world.js';

/** Makes parties, logins and accounts of a bank's personas, in the order of the files, and books what they began with. */
export async function openCustomers(
  tx: Transaction,
  { bank, world, personas, began, now, hashed }: Opening,
): Promise<readonly LivedAccount[]> {
  const accounts: LivedAccount[] = [];
  for (const persona of personas) {
    const since = { history: startOfDay(began), today: now };
    const parties = await addParties(tx, bank, {
      persona,
      createdAt: firstOpening(persona, since),
      ...(hashed && { hashed }),
    });
    for (const account of persona.accounts) {
      const opened = await openAccount(
        tx,
        { bank, world },
        { persona, account, parties, openedAt: since[account.opened] },
      );
      if (account.opened === 'history') accounts.push(opened);
    }
  }
  const openedAt = instant(startOfDay(began) + DAY_ENDS_AT_HOUR * MS_PER_HOUR);
  await bookOpeningBalances(tx, { bank, world }, { personas, accounts, openedAt });
  return accounts;
}

interface Opening {
  readonly bank: Bank;
  readonly world: World;
  readonly personas: readonly Persona[];
  readonly began: LocalDate;
  readonly now: Instant;
  /** Of the one password of drawn customers. They are no test customers whom one knows by name. */
  readonly hashed?: NewCredential['hashed'];
}

type Since = Readonly<Record<PersonaAccount['opened'], Instant>>;

function firstOpening(persona: Persona, since: Since): Instant {
  return instant(Math.min(...persona.accounts.map(({ opened }) => since[opened])));
}

async function addParties(
  tx: Transaction,
  bank: Bank,
  {
    persona,
    createdAt,
    hashed,
  }: { readonly persona: Persona; readonly createdAt: Instant; readonly hashed?: NewCredential['hashed'] },
): Promise<ReadonlyMap<string, Party>> {
  const parties = new Map<string, Party>();
  for (const { key, login, ...party } of persona.people) {
    const described = { ...party, ...(!hashed && { persona: persona.id }), story: persona.story, createdAt };
    const added = await bank.parties.add(tx, described, { ...login, ...(hashed && { hashed }) });
    parties.set(key, added);
  }
  return parties;
}

async function openAccount(
  tx: Transaction,
  { bank, world }: { readonly bank: Bank; readonly world: World },
  opening: {
    readonly persona: Persona;
    readonly account: PersonaAccount;
    readonly parties: ReadonlyMap<string, Party>;
    readonly openedAt: Instant;
  },
): Promise<LivedAccount> {
  const { persona, account, parties, openedAt } = opening;
  const product = bankFileOf(world, bank.profile.id).products.find(({ id }) => id === account.product);
  assert(product, `a product ${account.product}`);
  const { id, name, type, category } = product;
  const opened = await bank.accounts.open(tx, {
    product: { id, name, type, category },
    currency: bank.profile.currency,
    ...(account.nickname !== undefined && { nickname: account.nickname }),
    holderName: account.holderName,
    holders: account.holders.map(({ person, role }) => {
      const party = parties.get(person);
      assert(party, `a party ${person}`);
      return { partyId: party.id, role };
    }),
    ...(account.signatories && { signatories: account.signatories }),
    openedAt,
    overdraftLimitMinor: account.limitMinor,
  });
  return {
    name: `${persona.id}/${account.key}`,
    ledgerAccount: opened.ledgerAccount,
    holderName: opened.holderName,
    identification: opened.identifiers[0]?.identification ?? '',
  };
}

async function bookOpeningBalances(
  tx: Transaction,
  { bank, world }: { readonly bank: Bank; readonly world: World },
  opening: {
    readonly personas: readonly Persona[];
    readonly accounts: readonly LivedAccount[];
    readonly openedAt: Instant;
  },
): Promise<void> {
  const { personas, accounts, openedAt } = opening;
  const { id, currency } = bank.profile;
  const text = wordingOf(bankFileOf(world, id).languages[0]).broughtForward;
  const began = new Map(
    personas.flatMap((persona) => persona.accounts.map((one) => [`${persona.id}/${one.key}`, one.openingBalanceMinor])),
  );
  const equity = await bank.ledger.internal(tx, 'opening-equity', currency);
  const lent = await bank.ledger.internal(tx, 'loan-principal', currency);
  const entries = accounts.flatMap(({ name, ledgerAccount }) => {
    const amountMinor = began.get(name) ?? 0n;
    if (amountMinor === 0n) return [];
    const other = amountMinor < 0n ? lent : equity;
    const detail = { code: 'opening-balance', text } as const;
    const postings = [
      { account: ledgerAccount, amountMinor, detail },
      { account: other, amountMinor: -amountMinor },
    ];
    return [{ bank: id, currency, bookedAt: openedAt, postings }];
  });
  await bank.ledger.postBatch(tx, entries);
}
