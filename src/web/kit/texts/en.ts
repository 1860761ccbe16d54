import { displayDate, displayDateTime, displayMoney } from '../format.js';

const FREQUENCIES = {
  daily: 'Every day',
  weekly: 'Every week',
  'every-two-weeks': 'Every two weeks',
  monthly: 'Every month',
  'every-two-months': 'Every two months',
  quarterly: 'Every quarter',
  'semi-annual': 'Every half year',
  annual: 'Every year',
  'in-months': 'In some months',
} as const;

interface Rate {
  readonly unit: string;
  readonly quoted: string;
  readonly rate: string;
}

/** Every text of the screens. The other languages have the same keys, or they do not compile. */
export const EN = {
  language: 'en' as string,
  money: displayMoney,
  date: displayDate,
  dateTime: displayDateTime,
  /** What comes from elsewhere in English: who received a code, kinds of data. */
  phrase: (text: string): string => text,
  problem: (_code: string | undefined, text: string): string => text,
  page: {
    skip: 'Skip to the content',
    badge: 'Simulated bank',
    footer: (bank: string): string => `${bank} is simulated by Sandbank. No real money, no real people.`,
    problem: 'Problem: ',
    problemHead: 'There is a problem',
    place: (at: number, of: number): string => `step ${String(at)} of ${String(of)}`,
  },
  steps: {
    progress: 'Progress',
    done: ' (done)',
    login: 'Log in',
    code: 'Security code',
    accounts: 'Accounts',
    account: 'Account',
    review: 'Review',
    confirm: 'Approve',
    now: (at: number, of: number, name: string): string => `Step ${String(at)} of ${String(of)}: ${name}`,
  },
  asker: {
    registered: 'Registered',
    serviceOf: (organisation: string): string => `A service of ${organisation}, registered`,
    as: (registration: string): string => ` as ${registration}`,
    wantsInformation: 'asks to see your account information',
    wantsPayment: (amount: string, payee: string): string => `asks you to pay ${amount} to ${payee}`,
    wantsPayments: (count: number, total: string): string =>
      `asks you to make ${String(count)} payments, ${total} in all`,
    wantsStandingOrder: (amount: string, payee: string): string => `asks you to pay ${amount} to ${payee} regularly`,
    wantsCancellation: 'asks you to call back a payment',
    cancel: (name: string): string => `Cancel and return to ${name}`,
  },
  login: {
    title: (bank: string): string => `Log in to ${bank}`,
    number: 'Customer number',
    numberHint: 'Eight digits, on every letter from us',
    password: 'Password',
    submit: 'Log in',
  },
  code: {
    title: 'Enter your security code',
    lead: (to: string): string => `To check that it is you, we sent a code to ${to}.`,
    label: 'Six-digit security code',
    valid: 'Valid for five minutes',
    left: (tries: number): string => `, ${String(tries)} ${tries === 1 ? 'try' : 'tries'} left`,
    digits: 'Six digits',
    noMessage: 'No message?',
    resend: 'Send a new code',
  },
  continue: 'Continue',
  accounts: {
    titleMany: 'Choose accounts to share',
    titleOne: 'Choose the account to pay from',
    none: 'None of your accounts can be used for this.',
    legendMany: 'Only the accounts you tick are shared',
    legendOne: 'Account to pay from',
    available: 'available',
    notOffered: 'These accounts cannot be chosen.',
  },
  review: {
    title: (name: string): string => `Share information with ${name}?`,
    accounts: (count: number): string => (count === 1 ? 'Account' : 'Accounts'),
    until: 'Until',
    untilStopped: 'You stop it',
    transactions: 'Transactions',
    window: (from: string | undefined, to: string | undefined): string => {
      const text = [from && `from ${from}`, to && `to ${to}`].filter((part) => part !== undefined).join(' ');
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    },
    sees: (name: string): string => `What ${name} will see`,
    limits: (name: string): string =>
      `${name} cannot move your money and does not see your password. You can stop sharing at any time in ${name}.`,
    approve: 'Share',
    deny: 'Do not share',
  },
  confirm: {
    title: 'Approve this payment',
    titleMany: 'Approve these payments',
    titlePeriodic: 'Approve this standing order',
    titleCancel: 'Call this payment back',
    titleTogether: 'Approve all of this',
    allAccounts: 'All that you have here',
    to: 'to',
    toMany: (count: number): string => `in ${String(count)} payments`,
    payments: 'Payments',
    payeeAccount: 'Payee account',
    from: 'From',
    reference: 'Reference',
    fee: 'Fee',
    noFee: 'None',
    sent: 'Sent to the payee',
    rate: 'Exchange rate',
    rateOf: ({ unit, quoted, rate }: Rate): string => `1 ${unit} = ${rate} ${quoted}`,
    rateFixed: (until: string): string => `Fixed until ${until}`,
    rateTypes: {
      actual: 'Fixed',
      agreed: 'As agreed by contract',
      indicative: 'Not fixed: it can be another when the payment is made',
    },
    bearers: {
      shared: 'You pay ours, the payee pays those of other banks',
      debtor: 'You pay all charges',
      creditor: 'Taken from what the payee receives',
      'service-level': 'As the payment scheme lays down',
    },
    debit: 'Taken from your account',
    about: (amount: string): string => `About ${amount}`,
    often: 'How often',
    frequency: (frequency: keyof typeof FREQUENCIES): string => FREQUENCIES[frequency],
    first: 'First payment',
    last: 'Last payment',
    until: 'Until you stop it',
    lead: (to: string): string =>
      `We sent a code to ${to}. It is only good for this amount and this payee, and entering it approves the payment.`,
    leadMany: (to: string): string =>
      `We sent a code to ${to}. It is only good for these payments, and entering it approves all of them.`,
    leadTogether: (to: string): string =>
      `We sent a code to ${to}. It is only good for what you see here, and entering it approves all of it.`,
    leadCancel: (to: string): string =>
      `We sent a code to ${to}. Entering it calls the payment back: no money is moved any more.`,
    approve: 'Approve payment',
    approveMany: 'Approve payments',
    approveCancel: 'Call payment back',
    approveTogether: 'Approve all',
    deny: 'Cancel payment',
    denyMany: 'Cancel payments',
    denyCancel: 'Let it go ahead',
    denyTogether: 'Approve nothing',
  },
  error: {
    page: 'This cannot go on',
    oops: 'Oops! Something went wrong',
    title: 'We cannot go on with this',
    nothing: 'Nothing was shared and no money was moved.',
    error: 'Error',
    detail: 'Detail',
    reference: 'Reference',
    back: 'Return to the app that sent you here',
  },
  phone: {
    title: (bank: string): string => `Simulated phone, ${bank} app`,
    explain:
      'This page stands for the app on a phone that its owner has already unlocked, so it asks for no password. It is ' +
      'a part of the simulation: no real bank has it.',
    open: 'Open the app',
    waiting: 'Waiting for your answer',
    nothing: 'Nothing is waiting for you.',
    account: 'Account to pay from',
    choose: 'Only the accounts you tick are shared',
    shared: 'These accounts would be shared',
    paidFrom: 'Paid from',
    chooseOne: 'Tick at least one account to share, or deny.',
    approve: 'Approve',
    deny: 'Deny',
    access: 'Access to your accounts',
    asks: (name: string): string => `${name} asks`,
    reload: 'Look again',
    close: 'Close the app',
    answered: 'Your answer was sent.',
  },
};

export type Texts = typeof EN;
