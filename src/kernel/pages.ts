/** A slice of a list read by keyset. `next` and `previous` are opaque cursors, absent at the ends. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly previous?: string;
}

export interface PageRequest {
  readonly size: number;
  readonly cursor?: string;
}
