import type { KeyObject } from 'node:crypto';

import type { Bank, Capability, Consent, ConsentKind } from '../bank/index.js';
import type { Finding, Instant, SandbankError } from '../kernel/index.js';
import type { AuthorizationRequest, SecurityRequirements } from '../auth/profiles/index.js';
import type { ConsentView } from '../auth/journey/index.js';

/** A standard: a folder that translates between its wire format and the neutral bank. */
export interface Standard {
  /** `uk-obie` */
  readonly id: string;
  readonly name: string;
  readonly versions: readonly StandardVersion[];
}

export interface StandardVersion {
  /** The tag on consents: `uk-obie/4.0`. */
  readonly id: string;
  readonly version: string;
  /** Below the bank's path: `open-banking/v4.0`. */
  readonly basePath: string;
  readonly apis: readonly StandardApi[];
  /** Default `registered`. `by-certificate`: the certificate alone says who calls, and nobody registers. */
  readonly clients?: 'registered' | 'by-certificate';
  /** What the authorization server of the bank must do; absent where customers come by links alone. */
  readonly security?: SecurityRequirements;
  /** Whether a bank with these settings has an authorization server for this standard. Default: wherever `security` is. */
  readonly wantsSecurity?: (settings: unknown) => boolean;
  readonly consents: ConsentBinding;
  readonly wire: WireRules;
  /** Reads this standard's part of a bank's file; throws `configuration.invalid`. Comes back as `call.settings`. */
  readonly readSettings?: (raw: unknown) => unknown;
}

export interface StandardApi {
  readonly id: string;
  readonly title: string;
  /** Below `openapi/`: `uk-obie/4.0/account-info.yaml`. */
  readonly document: string;
  /** Below the version's base path: `aisp`. */
  readonly path: string;
  /** By operationId. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Operations of the document that are not built: operationId and the reason, answered with 501. */
  readonly notImplemented: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly policy: OperationPolicy;
  handle(call: Call): Promise<Reply>;
}

/** What must hold before a handler runs. Data, declared by the standard and enforced by the pipeline. */
export interface OperationPolicy {
  readonly access:
    | { readonly grant: 'client'; readonly scopes: readonly string[] }
    | {
        readonly grant: 'customer';
        readonly scopes: readonly string[];
        readonly consent: ConsentKind;
        /** Any one of these must be in the consent (`consent.capability-missing`). */
        readonly anyOf?: readonly Capability[];
        /** And all of these. */
        readonly allOf?: readonly Capability[];
        /** Name of the path parameter that must be an account of the consent. */
        readonly accountParameter?: string;
      }
    | {
        /** The certificate alone says who calls; no registration, no token. */
        readonly grant: 'certificate';
        /** Roles of the trust framework, any of which gives the right. */
        readonly roles: readonly string[];
        /** A consent that the call names, which must be of this caller. */
        readonly consent?: {
          readonly from: { readonly header: string } | { readonly parameter: string };
          readonly kinds: readonly ConsentKind[];
          /** Must it be authorised and in force on the bank's clock? */
          readonly inForce: boolean;
          readonly anyOf?: readonly Capability[];
          readonly allOf?: readonly Capability[];
          readonly accountParameter?: string;
        };
      };
  /** A signature over the raw body: of the request, of the answer. */
  readonly signature?: {
    readonly request: SignatureDemand | ((settings: unknown) => SignatureDemand);
    readonly response: boolean;
  };
  readonly idempotencyKey?: 'required';
  /** Media types beside JSON whose body this operation reads, by `WireRules.readBody`. */
  readonly bodyTypes?: readonly string[];
  /** Media types this operation can answer in, the first when the client has no wish. Default: the standard's one. */
  readonly answerTypes?: readonly string[];
}

/** Must the request be signed? `if-present`: it need not be, and a signature that is there must be good. */
export type SignatureDemand = boolean | 'if-present';

/** What a handler gets. Never a raw request. */
export interface Call {
  readonly operationId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly rawBody: Uint8Array;
  readonly client: CallingClient;
  /** The media type the client asked for, of those the operation offers. */
  readonly answerType: string;
  /** What this standard's `readSettings` made of the bank's file. */
  readonly settings: unknown;
  /** A page of the bank where the customer goes through this authorisation, and where she is sent afterwards. */
  authorisationUrl(input: {
    readonly authorisationId: string;
    readonly done: string;
    readonly failed?: string;
  }): Promise<string>;
  /** Where the authorization server of the bank describes itself (RFC 8414); absent where this standard has none. */
  readonly authorizationServer?: string;
  /** Present for grant `customer`, and for `certificate` where the call names one: the consent behind the token, alive and of the right kind. */
  readonly consent?: Consent;
  readonly bank: Bank;
  /** Business time of this call. */
  readonly now: Instant;
  readonly interactionId: string;
  /** Absolute address of this request, query included. */
  readonly selfUrl: string;
  /** Absolute address below the API of this operation: `url('/accounts')`. */
  url(path: string, query?: Readonly<Record<string, string | undefined>>): string;
  /** Records a check of the handler's own for the explanation. */
  check(check: {
    name: string;
    outcome: 'passed' | 'failed';
    expected?: string;
    actual?: string;
    clause?: string;
    remedy?: string;
  }): void;
}

export interface CallingClient {
  readonly clientId: string;
  readonly organisationId: string;
  readonly softwareId: string;
  readonly name: string;
  /** Roles by the trust framework. */
  readonly roles?: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Ready JSON text in place of `body`, for hot lists: in pieces, of which those that are kept stand as UTF-8 already. */
  readonly json?: string | readonly (string | Buffer)[];
  /** An answer that is not JSON. */
  readonly text?: { readonly contentType: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a standard speaks where no handler runs. */
export interface WireRules {
  /** Echoed or minted on every answer: `x-fapi-interaction-id`. */
  readonly interactionHeader: string;
  /** The idempotency header and the longest key. */
  readonly idempotency: { readonly header: string; readonly maxLength: number };
  readonly contentType: string;
  /** Every code of the core as a wire error. No `body`: none is sent. */
  error(
    error: SandbankError,
    context: { readonly interactionId: string; readonly operationId?: string; readonly accept?: string },
  ): {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Turns a violation of the document (an Ajv error, in neutral words) into a finding. */
  finding(violation: SchemaViolation): Finding;
  readonly signature?: MessageSignature;
  /** Reads a body that is not JSON into what the handler gets; throws `request.malformed` or `field.*`. */
  readonly readBody?: (input: { readonly contentType: string; readonly rawBody: Uint8Array }) => unknown;
}

export interface SchemaViolation {
  readonly where: 'body' | 'query' | 'path' | 'header';
  /** JSON pointer below `where`: `/Data/Permissions/0`. */
  readonly pointer: string;
  /** Ajv's keyword: `required`, `additionalProperties`, `enum`, `pattern`, `format`, `type`, ... */
  readonly keyword: string;
  /** The missing or unexpected property, the allowed values, ... as Ajv's `params`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface MessageSignature {
  readonly header: string;
  /** Headers, in lower case, that only go with a signature: where one is there, so must the signature be. */
  readonly impliedBy?: readonly string[];
  /** Throws `signature.*`, and `client.certificate-*` for a seal. Keys are the client's public JWKs. */
  verify(input: {
    readonly rawBody: Uint8Array;
    readonly signature: string | undefined;
    readonly keys: readonly Readonly<Record<string, unknown>>[];
    readonly client: CallingClient;
    readonly wallNow: Instant;
    readonly contentType?: string;
    /** All headers, lower case, for schemes that sign some of them. */
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly method: string;
    /** Path and query as sent. */
    readonly target: string;
    /** Where the client's keys are anchored, as SigningKey.trustAnchor; not compared when absent. */
    readonly trustAnchor?: string;
    /**
     * The seal of a certificate in DER that came along in a header, judged by the trust framework on the bank's clock;
     * throws `client.certificate-*`. Absent where the ecosystem judges none.
     */
    readonly sealOf?: (brought: { readonly certificate: Uint8Array; readonly header: string }) => Promise<Seal>;
    /** Records a check of the scheme's own; the one that refuses is its last. */
    readonly check?: Call['check'];
  }): Promise<void>;
  /** Absent where the standard signs no answers. */
  sign?(input: { readonly rawBody: Uint8Array; readonly key: SigningKey; readonly wallNow: Instant }): Promise<string>;
}

/** A certificate for seals that the trust framework accepts. */
export interface Seal {
  readonly organisationId: string;
  /** `PSDDE-BAFIN-123456`, from the certificate. */
  readonly organisationIdentifier?: string;
  /** Hexadecimal, in capitals. */
  readonly serial: string;
  /** Of its authority, RFC 4514. */
  readonly issuerDn: string;
  readonly publicKey: KeyObject;
  /** Whether a text is a spelling of the authority's name. */
  isIssuer(name: string): boolean;
}

export interface SigningKey {
  readonly kid: string;
  /** The bank's organisation id in the directory. */
  readonly organisationId: string;
  /** DNS name (or host) that serves the keys. */
  readonly trustAnchor: string;
  readonly privateKey: CryptoKey;
}

/** How the authorization server finds and shows this standard's consents. */
export interface ConsentBinding {
  /** Where there is an authorization server. */
  consentIdOf?(request: AuthorizationRequest): string | undefined;
  view(consent: Consent): ConsentView;
}
