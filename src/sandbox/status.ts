import type { ClockState } from '../kernel/index.js';

/** Where everything is. The ready line of `sandbank start --json` is this with `event` and `pid`. */
export interface SandboxStatus {
  readonly publicOrigin: string;
  readonly mtlsOrigin: string;
  readonly httpOrigin: string;
  readonly caFile: string;
  readonly controlTokenFile: string;
  readonly seed: number;
  readonly clock: {
    readonly now: string;
    readonly mode: ClockState['mode'];
    /** Business seconds in a second. */
    readonly speed: number;
    /** Why it stands still although nobody froze it. */
    readonly stopped?: string;
  };
  readonly directory: { readonly issuer: string };
  readonly banks: readonly BankStatus[];
}

export interface BankStatus {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly standards: readonly { readonly id: string; readonly version: string; readonly baseUrl: string }[];
}
