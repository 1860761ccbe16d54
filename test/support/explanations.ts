import type { Sandbox } from '../../src/index.js';
import type { RawClient } from './raw-client.js';

export interface RecordedCheck {
  readonly name: string;
  readonly outcome: 'passed' | 'failed';
  readonly expected?: string;
  readonly actual?: string;
  readonly clause?: string;
  readonly remedy?: string;
}

export interface RecordedRequest {
  readonly id: string;
  readonly interactionId: string;
  readonly path: string;
  readonly status: number;
  readonly checks: readonly RecordedCheck[];
}

const MOST_LOOKS = 50;

/** What the control API tells of a request. A record is complete a moment after the answer has gone out. */
export async function explanationOf(
  client: RawClient,
  {
    sandbox,
    interactionId,
    status,
  }: { readonly sandbox: Sandbox; readonly interactionId: string; readonly status: number },
): Promise<RecordedRequest> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const answer = await client.send<{ readonly requests: readonly RecordedRequest[] }>(
      `${sandbox.status.publicOrigin}/_sandbox/requests/${interactionId}`,
      { headers: { authorization: `Bearer ${sandbox.controlToken}` } },
    );
    const found = answer.status === 200 ? answer.body.requests.find((one) => one.status === status) : undefined;
    if (found) return found;
  }
  throw new Error(`no record of request ${interactionId} that was answered with ${String(status)}`);
}
