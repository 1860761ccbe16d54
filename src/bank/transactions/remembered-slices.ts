import type { Transaction } from './transaction.js';

/** Booked lines of an account within bounds that were fixed: they never change, and so neither does what is made of them. */
export interface BookedSlice {
  /** Newest first. */
  readonly items: readonly Transaction[];
  readonly hasNewer: boolean;
  readonly next?: string;
  readonly previous?: string;
  /** Whether the lines are kept, and with them what is derived; otherwise it is made anew each time. */
  readonly isKept: boolean;
  /** What somebody makes of the lines. */
  derived<T>(name: string, make: () => T): T;
}

export interface RememberedSlices {
  of(key: string, read: () => Promise<Omit<BookedSlice, 'derived' | 'isKept'>>): Promise<BookedSlice>;
}

/** Pages of a generation. Clients ask for the newest page of the same accounts again and again. */
const REMEMBERED = 64;

/** Questions that were asked once. A page is only kept when it is asked for again: most pages of a long list never are. */
const ASKED = 1_000;

/** The key says everything that the lines depend on, the last line that existed above all. */
export function createRememberedSlices(): RememberedSlices {
  let young = new Map<string, BookedSlice>();
  let old = new Map<string, BookedSlice>();
  const asked = new Set<string>();
  const remember = (key: string, slice: BookedSlice): BookedSlice => {
    if (young.size >= REMEMBERED) [old, young] = [young, new Map<string, BookedSlice>()];
    young.set(key, slice);
    return slice;
  };
  return {
    async of(key, read) {
      const fresh = young.get(key);
      if (fresh) return fresh;
      const aged = old.get(key);
      if (aged) return remember(key, aged);
      if (asked.delete(key)) return remember(key, { ...(await read()), isKept: true, derived: derivations() });
      if (asked.size >= ASKED) asked.clear();
      asked.add(key);
      return { ...(await read()), isKept: false, derived: (_name, make) => make() };
    },
  };
}

function derivations(): BookedSlice['derived'] {
  let last: { readonly name: string; readonly value: unknown } | undefined;
  return <T>(name: string, make: () => T): T => {
    if (last?.name === name) return last.value as T;
    const value = make();
    last = { name, value };
    return value;
  };
}
