/** Raised only where the program itself is wrong; it never answers bad input. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** Stops on what only a bug can break. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (condition !== true && !condition) throw new AssertionFailure(`broken invariant: ${claim}`);
}

/** Ends a switch over a union: does not compile until every case is answered. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unexpected value: ${String(value)}`);
}
