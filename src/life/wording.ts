import type { TransactionCode } from '../bank/index.js';

/** What a bank prints on statements, in one language. */
export interface Wording {
  readonly broughtForward: string;
  readonly interestPaid: string;
  readonly interestCharged: string;
  readonly cardInterest: string;
  readonly accountFee: string;
  readonly monthly: string;
  readonly unpaidFee: string;
  readonly mortgagePayment: string;
  readonly mortgageReceived: string;
  readonly cardSettlement: string;
  readonly cardSettled: string;
  /** References of what the bank or an employer writes for the customer. */
  readonly refund: string;
  readonly chargeback: string;
  readonly foreignFee: string;
  readonly salary: string;
  /** A payment to or from somebody. */
  transfer(code: TransactionCode, name: string): string;
  /** Names of payees within a reference. */
  mention(name: string): string;
  card(purchase: CardPurchase): string;
  cash(town: string): string;
  /** What was paid abroad, and at how many units of that currency for one of ours. Plain decimals. */
  exchanged(currency: string, amount: string, rate: string): string;
  /** Amounts as plain decimals. */
  mortgageParts(interest: string, principal: string): string;
}

export interface CardPurchase {
  readonly merchant: string;
  /** None for a merchant on the web. */
  readonly town: string | undefined;
}

const ENGLISH: Wording = {
  broughtForward: 'BALANCE BROUGHT FORWARD',
  interestPaid: 'GROSS INTEREST',
  interestCharged: 'OVERDRAFT INTEREST',
  cardInterest: 'INTEREST ON PURCHASES',
  accountFee: 'ACCOUNT FEE',
  monthly: 'MONTHLY',
  unpaidFee: 'UNPAID DIRECT DEBIT FEE',
  mortgagePayment: 'MORTGAGE PAYMENT',
  mortgageReceived: 'PAYMENT RECEIVED, PRINCIPAL',
  cardSettlement: 'CREDIT CARD PAYMENT',
  cardSettled: 'PAYMENT RECEIVED, THANK YOU',
  refund: 'REFUND',
  chargeback: 'CHARGEBACK',
  foreignFee: 'NON-STERLING TRANSACTION FEE',
  salary: 'SALARY',
  transfer: (_code, name) => name.toUpperCase(),
  mention: (name) => name.toUpperCase(),
  card: ({ merchant, town }) => `${merchant} ${town ?? 'ONLINE'}`.toUpperCase(),
  cash: (town) => `CASH MACHINE ${town}`.toUpperCase(),
  exchanged: (currency, amount, rate) => `${currency} ${amount} AT ${rate}`,
  mortgageParts: (interest, principal) => `INTEREST ${interest} PRINCIPAL ${principal}`,
};

/** The word with which a German statement begins the line. */
const GERMAN_KINDS: Partial<Readonly<Record<TransactionCode, string>>> = {
  salary: 'Lohn/Gehalt',
  payroll: 'Lohn/Gehalt',
  pension: 'Rente',
  invoice: 'Gutschrift',
  benefit: 'Gutschrift',
  'transfer-in': 'Gutschrift',
  'direct-debit': 'SEPA-Lastschrift',
  'standing-order': 'Dauerauftrag',
  rent: 'Miete',
  tax: 'Steuerzahlung',
};

const GERMAN: Wording = {
  broughtForward: 'Saldovortrag',
  interestPaid: 'Habenzinsen',
  interestCharged: 'Sollzinsen für eingeräumte Kontoüberziehung',
  cardInterest: 'Sollzinsen Kreditkarte',
  accountFee: 'Entgelt für Kontoführung',
  monthly: 'monatlich',
  unpaidFee: 'Entgelt für Rücklastschrift',
  mortgagePayment: 'Rate Baufinanzierung',
  mortgageReceived: 'Rate erhalten, Tilgung',
  cardSettlement: 'Kreditkartenabrechnung',
  cardSettled: 'Zahlung erhalten, vielen Dank',
  refund: 'Erstattung',
  chargeback: 'Rückbelastung nach Reklamation',
  foreignFee: 'Entgelt Auslandseinsatz',
  salary: 'Lohn/Gehalt',
  transfer: (code, name) => `${GERMAN_KINDS[code] ?? 'Überweisung'} ${name}`,
  mention: (name) => name,
  card: ({ merchant, town }) => `Kartenzahlung ${merchant}//${town ?? 'Online'}`,
  cash: (town) => `Geldautomat ${town}`,
  exchanged: (currency, amount, rate) => `${comma(amount)} ${currency}, Kurs ${comma(rate)}`,
  mortgageParts: (interest, principal) => `Zinsen ${comma(interest)} Tilgung ${comma(principal)}`,
};

function comma(amount: string): string {
  return amount.replace('.', ',');
}

const WORDINGS: Readonly<Record<string, Wording>> = { en: ENGLISH, de: GERMAN };

export const LANGUAGES: readonly string[] = Object.keys(WORDINGS);

/** The wording of a bank whose statements are in this language; English where there is none. */
export function wordingOf(language: string | undefined): Wording {
  return WORDINGS[language ?? 'en'] ?? ENGLISH;
}
