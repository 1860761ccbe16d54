import type { Call } from '../standard.js';

/** What third parties show to customers, in the customer's language as the third party passes it on. */
const TEXTS = {
  de: {
    confirmInApp: (bank: string) => `Bitte bestätigen Sie in der App der ${bank}.`,
    codeSent: (to: string) => `Der Code wurde gesendet: ${to}.`,
    unfitAccount: 'Das genannte Konto ist dafür nicht geeignet.',
    foreignAccount: 'Das genannte Konto gehört nicht zu Ihren Konten.',
  },
  en: {
    confirmInApp: (bank: string) => `Please confirm in the app of ${bank}.`,
    codeSent: (to: string) => `The code was sent to ${to}.`,
    unfitAccount: 'The account that was named cannot be used for this.',
    foreignAccount: 'The account that was named is not one of yours.',
  },
} as const;

/** By PSU-Accept-Language, the first that the bank speaks; English otherwise (1.3.12, 4.8). */
export function wordingFor({ headers }: Pick<Call, 'headers'>): (typeof TEXTS)['de' | 'en'] {
  const wanted = (headers['psu-accept-language'] ?? '').toLowerCase().split(',');
  const spoken = wanted.map((range) => range.trim().slice(0, 2)).find((language) => Object.hasOwn(TEXTS, language));
  return spoken === 'de' ? TEXTS.de : TEXTS.en;
}
