export type PayeeKind = 'person' | 'business';

/** What a bank knows of whom an account belongs to; told among banks only. */
export type PayeeRecord =
  | {
      readonly status: 'open';
      readonly kind: PayeeKind;
      /** Those under which its holders are known, as they are to be shown; at least one. */
      readonly names: readonly string[];
    }
  | { readonly status: 'account-unknown' | 'account-closed' | 'opted-out' };
