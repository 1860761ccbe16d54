import type { RequestRecord } from '../observe/index.js';

/** A recorded request as the control API tells it: the time as text. */
export interface ExplainedRequest extends Omit<RequestRecord, 'at'> {
  readonly at: string;
}
