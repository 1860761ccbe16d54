/** Basic bank account numbers and IBANs (ISO 13616), with their check digits (ISO 7064, mod 97-10). */

/** `GB` + check digits + the first four letters of the BIC + sort code + account number. */
export function ukIban(bic: string, sortCode: string, accountNumber: string): string {
  return toIban('GB', `${bic.slice(0, 4)}${sortCode}${accountNumber}`);
}

export function toIban(country: string, bban: string): string {
  const check = 98 - mod97(`${bban}${country}00`);
  return `${country}${String(check).padStart(2, '0')}${bban}`;
}

/** Do the check digits fit? Says nothing about whether the account exists. */
export function isIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** Letters count as 10 to 35. The remainder is carried digit by digit, so that no number grows large. */
function mod97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    for (const digit of Number.parseInt(character, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}
