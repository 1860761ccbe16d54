import { coverageTest, document, mappingTest } from './new-standard-contract.mjs';

/** The files of a new standard, by path. The tables list every word of the core, or the folder would not compile. */
export function stemsOf(standard) {
  const { name } = standard;
  const src = `src/standards/${name}`;
  return {
    [`${src}/README.md`]: readme(standard),
    [`${src}/index.ts`]: index(standard),
    [`${src}/version.ts`]: `/** The tag on consents of this version. */\nexport const VERSION_ID = '${name}/1.0';\n`,
    [`${src}/coverage.ts`]: COVERAGE,
    [`${src}/errors.ts`]: errors(standard),
    [`${src}/findings.ts`]: FINDINGS,
    [`${src}/codes.ts`]: codes(standard),
    [`${src}/permissions.ts`]: permissions(standard),
    [`${src}/security.ts`]: SECURITY,
    [`${src}/consent-view.ts`]: CONSENT_VIEW,
    [`${src}/operations/accounts.ts`]: OPERATIONS,
    [`${src}/mapping/accounts.ts`]: MAPPING,
    [`openapi/${name}/1.0/accounts.yaml`]: document(standard),
    [`test/standards/${name}/coverage.test.ts`]: coverageTest(standard),
    [`test/standards/${name}/mapping/accounts.test.ts`]: mappingTest(standard),
  };
}

const readme = ({ name, title }) => `# ${name}

${title}, version 1.0: nothing is built yet, and every operation answers 501 with its reason from \`coverage.ts\`.

- The contract is \`openapi/${name}/1.0/accounts.yaml\`: the facts are those of the standard, the sentences ours.
- An operation is a handler in \`operations/\` with its policy; how things look on the wire is in \`mapping/\`.
- \`permissions.ts\`, \`codes.ts\` and \`errors.ts\` have a line for every word of the core.
- Deviations from the standard, each with its clause: none known yet.
`;

const index = ({ name, title, value }) => `import type { Standard, StandardVersion } from '../standard.js';
import { toConsentView } from './consent-view.js';
import { NOT_IMPLEMENTED } from './coverage.js';
import { toWireError } from './errors.js';
import { toFinding } from './findings.js';
import { accountOperations } from './operations/accounts.js';
import { consentIdOf, security } from './security.js';
import { VERSION_ID } from './version.js';

const version10: StandardVersion = {
  id: VERSION_ID,
  version: '1.0',
  basePath: '${name}/v1',
  apis: [
    {
      id: 'accounts',
      title: 'Accounts',
      document: '${name}/1.0/accounts.yaml',
      path: '',
      operations: accountOperations,
      notImplemented: NOT_IMPLEMENTED,
    },
  ],
  security,
  consents: { consentIdOf, view: toConsentView },
  wire: {
    interactionHeader: 'x-request-id',
    idempotency: { header: 'x-idempotency-key', maxLength: 40 },
    contentType: 'application/json',
    error: toWireError,
    finding: toFinding,
  },
};

/** ${title}, 1.0: its stems. */
export const ${value}: Standard = { id: '${name}', name: '${title}', versions: [version10] };
`;

const COVERAGE = `/** Operations of the document that are not built, with the reason; answered with 501, never with example data. */
export const NOT_IMPLEMENTED: Readonly<Record<string, string>> = {
  createConsent: 'Consents of this standard are not built yet.',
  readConsent: 'Consents of this standard are not built yet.',
  deleteConsent: 'Consents of this standard are not built yet.',
  listAccounts: 'Accounts cannot be read through this standard yet.',
  readAccount: 'Accounts cannot be read through this standard yet.',
  listTransactions: 'Transactions cannot be read through this standard yet.',
};
`;

const errors = (standard) => `import type { ErrorCode, SandbankError } from '../../kernel/index.js';

/** The status of every code of the core: plain HTTP until the words of the standard are put in. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
${standard.errors.map(([code, status]) => `  '${code}': ${status},`).join('\n')}
};

export function toWireError(error: SandbankError): {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const { findings, path, expected } = error.details;
  return {
    status: STATUS_OF[error.code],
    body: {
      code: error.code,
      message: error.message,
      ...(path !== undefined && { path }),
      ...(expected !== undefined && { expected }),
      ...(findings && { findings: findings.map((finding) => ({ path: finding.path, message: finding.message })) }),
    },
  };
}
`;

const FINDINGS = `import type { Finding } from '../../kernel/index.js';
import type { SchemaViolation } from '../standard.js';

/** What a violation of the document is called here. */
export function toFinding({ where, pointer, keyword, message }: SchemaViolation): Finding {
  const path = pointer === '' ? where : pointer.slice(1).replaceAll('/', '.');
  if (where === 'header') {
    return { code: keyword === 'required' ? 'header.missing' : 'header.invalid', message: \`\${path} \${message}.\`, path };
  }
  return { code: keyword === 'required' ? 'field.missing' : 'field.invalid', message: \`\${path} \${message}.\`, path };
}
`;

const codes = ({ statuses }) => `import type { AccountType, ConsentStatus } from '../../bank/index.js';

/** What each status of a consent is called on the wire. */
export const CONSENT_STATUS: Readonly<Record<ConsentStatus, string>> = {
${statuses.map((status) => `  '${status}': '${status}',`).join('\n')}
};

/** And each type of account. */
export const ACCOUNT_TYPE: Readonly<Record<AccountType, string>> = {
  current: 'current',
  savings: 'savings',
  'credit-card': 'credit-card',
  loan: 'loan',
  mortgage: 'mortgage',
};
`;

const permissions = ({ capabilities }) => `import { CAPABILITIES, type Capability } from '../../bank/index.js';

/** What a third party asks for to get a capability. */
export const PERMISSION_FOR: Readonly<Record<Capability, string>> = {
${capabilities.map((capability) => `  '${capability}': '${capability}',`).join('\n')}
};

/** In the order of the core's list, each once, whatever was repeated in the request. */
export function toCapabilities(permissions: readonly string[]): readonly Capability[] {
  return CAPABILITIES.filter((capability) => permissions.includes(PERMISSION_FOR[capability]));
}
`;

const SECURITY = `import type { AuthorizationRequest, SecurityRequirements } from '../../auth/profiles/index.js';

/** What the authorization server of a bank that speaks this standard has to be. */
export const security: SecurityRequirements = {
  profiles: ['fapi2-security'],
  scopes: { accounts: ['account-access'] },
  scopeRoles: { accounts: ['AISP'] },
  acrValues: ['urn:openbanking:psd2:sca'],
  signingAlgorithms: ['PS256'],
  idTokenClaims: ['consent_id'],
  idTokenClaimsOf: (consentId) => ({ consent_id: consentId }),
  accessTokenSeconds: 3_600,
  refreshTokenSeconds: 90 * 86_400,
};

/** The scope \`consent:\` and an id names the consent that is to be authorised. */
export function consentIdOf({ scopes }: AuthorizationRequest): string | undefined {
  const prefix = 'consent:';
  return scopes.find((scope) => scope.startsWith(prefix))?.slice(prefix.length);
}
`;

const CONSENT_VIEW = `import type { ConsentView } from '../../auth/journey/index.js';
import type { Consent } from '../../bank/index.js';
import { assert } from '../../kernel/index.js';
import { PERMISSION_FOR } from './permissions.js';

/** What a screen shows of a consent of this standard. */
export function toConsentView({ subject, expiresAt }: Consent): ConsentView {
  assert(subject.kind === 'account-access', 'this standard makes account-access consents');
  return {
    kind: 'account-access',
    clusters: [{ title: 'Your accounts', items: subject.capabilities.map((capability) => PERMISSION_FOR[capability]) }],
    ...(expiresAt !== undefined && { until: expiresAt }),
  };
}
`;

const OPERATIONS = `import type { Operation } from '../../standard.js';

/** By operationId. What moves in here leaves \`coverage.ts\`. */
export const accountOperations: Readonly<Record<string, Operation>> = {};
`;

const MAPPING = `import type { Account } from '../../../bank/index.js';
import { ACCOUNT_TYPE } from '../codes.js';

export interface WireAccount {
  readonly accountId: string;
  readonly type: string;
  readonly currency: string;
  readonly nickname?: string;
}

export function toAccount({ id, product, currency, nickname }: Account): WireAccount {
  return {
    accountId: id,
    type: ACCOUNT_TYPE[product.type],
    currency,
    ...(nickname !== undefined && { nickname }),
  };
}
`;
