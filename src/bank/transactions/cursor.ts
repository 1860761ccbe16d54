import { createHash } from 'node:crypto';

import { SandbankError, type IdScheme } from '../../kernel/index.js';
import type { TransactionQuery } from './transaction.js';

/** A place between two lines of an account, and the way to read on from it. */
export interface Position {
  /** `older` reads down from below `seq`, `newer` reads up from above it. */
  readonly towards: 'older' | 'newer';
  readonly seq: number;
}

/** Writes and reads the cursors of one query: they are sealed with the ecosystem's key, for this account and filter. */
export interface CursorCodec {
  write(position: Position): string;
  /** Throws `field.invalid`. */
  read(cursor: string): Position;
}

export function createCursorCodec(
  ids: IdScheme,
  scope: { readonly bank: string; readonly accountId: string; readonly query: TransactionQuery },
): CursorCodec {
  const { from, to, directions } = scope.query;
  const context = JSON.stringify([scope.bank, scope.accountId, from ?? null, to ?? null, [...directions].sort()]);
  /** The id scheme is a keyed permutation: of a digest it makes a seal that cannot be made without the key. */
  const seal = (body: string): string => {
    const digest = createHash('sha256').update(context).update(body).digest();
    return ids.encode('transaction', digest.readBigUInt64BE(0) >> 4n);
  };
  return {
    write({ towards, seq }) {
      const body = `${towards === 'older' ? 'o' : 'n'}${seq.toString(36)}`;
      return `${body}.${seal(body)}`;
    },
    read(cursor) {
      const match = /^(([on])([0-9a-z]{1,10}))\.([0-9a-z]{12})$/.exec(cursor);
      const [, body = '', way, seq = '', given] = match ?? [];
      if (!match || seal(body) !== given) {
        throw new SandbankError('field.invalid', 'This page does not exist: the cursor is not one of this list.', {
          path: 'cursor',
          expected: 'a cursor from a link of a page of the same account and filter',
        });
      }
      return { towards: way === 'o' ? 'older' : 'newer', seq: Number.parseInt(seq, 36) };
    },
  };
}
