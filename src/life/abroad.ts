import type { PostingDetail } from '../bank/index.js';
import { formatMoney, money, type Random } from '../kernel/index.js';
import { drawAmount, fullName, inTheDay, type RuleContext } from './moment.js';
import type { AbroadRule, ForeignPlace } from './rare-rules.js';
import { spellOf, type Spell } from './spells.js';

const HOURS = { from: 8, to: 22 } as const;
/** Rates move: by up to so much to either side of the one in the file, in ten thousandths of it. */
const SWING = 200;
const RATE_UNIT = 10_000n;
const BASIS_POINTS = 10_000n;

/** Card payments of a day on a journey, each with the bank's fee for the exchange. */
export function planAbroad(rule: AbroadRule, context: RuleContext): void {
  const journey = spellOf(rule, context);
  if (!journey) return;
  const random = context.random();
  const where = placeOf(rule, journey, context);
  const payments = Math.floor(rule.perDay + random.next());
  for (let payment = 0; payment < payments; payment += 1) planPayment(rule, { context, where, random });
}

/** The same place for the whole journey. */
function placeOf({ places }: AbroadRule, { from }: Spell, { place }: RuleContext): ForeignPlace {
  let sum = 0;
  for (const letter of `${place}${from}`) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
  return places[sum % places.length] as ForeignPlace;
}

function planPayment(
  rule: AbroadRule,
  { context, where, random }: { readonly context: RuleContext; readonly where: ForeignPlace; readonly random: Random },
): void {
  const { book, persona, wording } = context;
  const account = fullName(persona, rule.account);
  const merchant = random.pick(where.merchants);
  const foreignMinor = drawAmount(where.price, random);
  const rate = BigInt(Math.round((where.rate * (10_000 + random.int(-SWING, SWING))) / 10_000));
  // Both currencies have as many decimals, or the rate in the file says so.
  const amountMinor = (foreignMinor * RATE_UNIT + rate / 2n) / rate;
  const feeMinor = (amountMinor * BigInt(rule.feeBps) + BASIS_POINTS / 2n) / BASIS_POINTS;
  const text = wording.card({ merchant: merchant.name, town: where.town });
  const inWords = `${String(rate / RATE_UNIT)}.${String(rate % RATE_UNIT).padStart(4, '0')}`;
  const reference = wording.exchanged(where.currency, formatMoney(money(foreignMinor, where.currency)), inWords);
  const bought: PostingDetail = { code: 'card-payment', text, reference, merchant };
  const fee: PostingDetail = { code: 'fee', text: wording.foreignFee, reference: text };
  context.plan({
    at: inTheDay(context.dawn, HOURS, random),
    act(at) {
      if (amountMinor <= 0n || !book.canPay(account, amountMinor + feeMinor, rule.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail: bought },
        { internal: 'card-clearing', amountMinor },
      ]);
      if (feeMinor === 0n) return;
      book.post(at, [
        { account, amountMinor: -feeMinor, detail: fee },
        { internal: 'fee-income', amountMinor: feeMinor },
      ]);
    },
  });
}
