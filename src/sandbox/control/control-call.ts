export interface ControlCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
  /** An answer that is not JSON. */
  readonly text?: { readonly contentType: string; readonly content: string };
}

export type ControlOperation = (call: ControlCall) => Promise<ControlReply>;
export type ControlOperations = Readonly<Record<string, ControlOperation>>;
