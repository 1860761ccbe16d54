import type { Instant } from '../kernel/index.js';

/** One check of the authorization server or of the resource pipeline, as it was made. Passed ones are kept too. */
export interface Check {
  /** Named for what it checks: `client certificate is bound to the token`. */
  readonly name: string;
  readonly outcome: 'passed' | 'failed';
  readonly expected?: string;
  /** What was seen. Never a secret: digests and ids, not tokens, codes or passwords. */
  readonly actual?: string;
  /** Standard, version, section: `FAPI 1.0 Advanced 5.2.2-14`. */
  readonly clause?: string;
  /** What the caller can do about it, one sentence. */
  readonly remedy?: string;
}

/** A request while it is served. Checks record themselves here; nothing of it reaches the wire. */
export interface Trace {
  readonly id: string;
  readonly interactionId: string;
  check(check: Check): void;
  /** What is known so far. */
  readonly facts: Partial<RequestFacts>;
  /** Adds what becomes known on the way: client, bank, standard, operation, consent. */
  know(facts: Partial<RequestFacts>): void;
}

export interface RequestFacts {
  readonly bank: string;
  readonly standard: string;
  readonly operationId: string;
  readonly clientId: string;
  readonly consentId: string;
  readonly certificate: string;
  /** The wire error as it was sent, in the standard's own words. */
  readonly error: string;
}

/** A request after it was answered. */
export interface RequestRecord extends Partial<RequestFacts> {
  readonly id: string;
  readonly interactionId: string;
  readonly at: Instant;
  readonly listener: 'public' | 'mtls' | 'http';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly checks: readonly Check[];
}

export interface Recorder {
  /** Starts a trace; its id and interaction id are the caller's or minted. */
  begin(request: {
    readonly interactionId: string;
    readonly listener: RequestRecord['listener'];
    readonly method: string;
    readonly path: string;
  }): Trace;
  /** Runs work under a trace, so that checks made deep inside a library's callbacks find it. */
  within<T>(trace: Trace, work: () => T): T;
  /** The trace of the request being served, if any. */
  current(): Trace | undefined;
  finish(trace: Trace, status: number): void;
  /** By request id or interaction id; newest first, since a client may send one interaction id several times. */
  find(id: string): Promise<readonly RequestRecord[]>;
  list(filter?: {
    readonly bank?: string;
    readonly clientId?: string;
    readonly failedOnly?: boolean;
    readonly limit?: number;
  }): Promise<readonly RequestRecord[]>;
  /** Writes what is still in memory. */
  flush(): Promise<void>;
}
