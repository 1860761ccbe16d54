import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Bank, Consent } from '../../bank/index.js';
import type { Clock, Instant, SandbankError } from '../../kernel/index.js';
import { isSandbankError } from '../../kernel/index.js';
import type { Check, Trace } from '../../observe/index.js';
import type { CallingClient, Operation, StandardApi, StandardVersion } from '../../standards/standard.js';
import type { ApiDocument, DescribedOperation } from '../documents.js';
import type { ListenerName } from '../listener-tag.js';
import type {
  AuthorisationPages,
  BankSigner,
  CertificateJudge,
  ClientRegistry,
  ProofChecker,
  ResolvedToken,
  SealJudge,
  TokenResolver,
} from '../ports.js';

/** What the pipeline asks of the rest of the ecosystem, for one bank. */
export interface PipelinePorts {
  readonly tokens: TokenResolver;
  readonly clients: ClientRegistry;
  readonly certificates: CertificateJudge;
  /** Without it tokens bound to a key are refused. */
  readonly proofs?: ProofChecker;
  /** Without it a standard finds no seal in any certificate. */
  readonly seals?: SealJudge;
  readonly signer: BankSigner;
  /** The name that message signatures must give as their trust anchor; not compared when absent. */
  readonly trustAnchor?: string;
  /** Without it `Call.authorisationUrl` is refused. */
  readonly pages?: AuthorisationPages;
  /** Where the bank's authorization server describes itself. */
  readonly authorizationServer?: string;
}

/** One version of a standard at one bank, ready to serve. */
export interface Site {
  readonly version: StandardVersion;
  readonly bank: Bank;
  readonly apis: readonly { readonly api: StandardApi; readonly document: ApiDocument }[];
  readonly ports: PipelinePorts;
  readonly wall: Clock;
  /** Absolute address of the version on the mTLS origin, without a slash at the end. */
  readonly baseUrl: string;
  readonly bodyLimitBytes: number;
  /** What the version's `readSettings` made of the bank's file. */
  readonly settings: unknown;
}

export type RegisteredClient = NonNullable<Awaited<ReturnType<ClientRegistry['find']>>>;

/** A request on its way through the steps. Each step fills in what the next ones need. */
export interface Exchange {
  readonly site: Site;
  readonly request: IncomingMessage;
  readonly listener: ListenerName;
  readonly trace: Trace;
  /** Business time of the whole request. */
  readonly now: Instant;
  readonly method: string;
  /** Below the version, without the query. */
  readonly path: string;
  /** As it was sent, with its question mark. */
  readonly search: string;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  api?: StandardApi;
  described?: DescribedOperation;
  operation?: Operation;
  params: Readonly<Record<string, string>>;
  credential?: { readonly scheme: 'bearer' | 'dpop'; readonly token: string };
  token?: ResolvedToken;
  /** Whose certificate the connection shows, by the directory. */
  certifiedOrganisation?: string;
  /** x5t#S256 of a trusted certificate of the connection, where the certificate says who calls. */
  certificateThumbprint?: string;
  client?: CallingClient & Partial<Pick<RegisteredClient, 'keys'>>;
  /** The media type of the answer, once agreed. */
  answerType?: string;
  consent?: Consent;
  rawBody: Uint8Array;
  body: unknown;
}

/** One check, named for what it checks. Refuses by throwing. */
export type Step = (exchange: Exchange) => void | Promise<void>;

export type Claim = Omit<Check, 'outcome'>;

/** Records a check, and refuses if it does not hold. */
export function expectThat(trace: Trace, claim: Claim, holds: boolean, refusal: () => SandbankError): void {
  trace.check({ ...claim, outcome: holds ? 'passed' : 'failed' });
  if (!holds) throw refusal();
}

/** Records a check that is made elsewhere and refuses by throwing. */
export async function recording<T>(trace: Trace, claim: Claim, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    trace.check({ ...claim, outcome: 'passed' });
    return result;
  } catch (error) {
    trace.check({ ...claim, ...seenIn(error), outcome: 'failed' });
    throw error;
  }
}

function seenIn(error: unknown): Partial<Claim> {
  if (!isSandbankError(error)) return { actual: 'an unexpected failure' };
  const { expected, actual } = error.details;
  return {
    ...(typeof expected === 'string' && { expected }),
    actual: typeof actual === 'string' ? `${error.code}: ${actual}` : error.code,
  };
}

/** The certificate of the connection, as the client showed it and proved its key in the handshake. */
export function peerCertificate(request: IncomingMessage): X509Certificate | undefined {
  const socket = request.socket as Socket & Certified;
  if (typeof socket.getPeerX509Certificate !== 'function') return undefined;
  // It is that of the handshake as long as the connection lasts: TLS is not negotiated anew, nor asked again.
  return (socket[CERTIFICATE] ??= socket.getPeerX509Certificate());
}

const CERTIFICATE = Symbol('certificate of the peer');

interface Certified {
  getPeerX509Certificate?: () => X509Certificate | undefined;
  [CERTIFICATE]?: X509Certificate | undefined;
}
