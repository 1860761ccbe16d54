import type { InteractionResults, Provider } from 'oidc-provider';

import type { Bank, Consent } from '../../bank/index.js';
import { MS_PER_SECOND, type Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Artefacts } from '../artefacts/artefacts.js';
import type { KnownClient } from '../clients/known-clients.js';
import { requirementsOf, scopeName, type Demands } from '../demands.js';
import type { SecurityRequirements } from '../profiles/index.js';
import { resourceOf, grantSeconds } from '../provider.js';
import { wantedAcrs } from '../request-checks.js';

/** A customer's yes. */
export interface Decision {
  readonly consent: Consent;
  readonly authorisationId: string;
  readonly client: KnownClient;
  readonly interaction: { readonly params: Readonly<Record<string, unknown>> };
  readonly partyId: string;
}

/** Writes the grant of this consent and says to oidc-provider who logged in, how, and what was granted. */
export async function grantAccess(
  { consent, authorisationId, client, interaction, partyId }: Decision,
  options: {
    readonly bank: Bank;
    readonly provider: Provider;
    readonly artefacts: Artefacts;
    readonly storage: Storage;
    readonly demands: Demands;
    readonly wall: Clock;
  },
): Promise<InteractionResults> {
  const { provider, artefacts, storage, wall } = options;
  const requirements = requirementsOf(client.metadata, options.demands);
  const { scope, claims: text } = interaction.params as { readonly scope?: string; readonly claims?: string };
  const claims = text === undefined ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  const scopes = (scope ?? '').split(' ').filter((one) => one === 'openid' || carries(one, consent, requirements));
  const grant = new provider.Grant({ accountId: partyId, clientId: client.clientId });
  Object.assign(grant, { expiresIn: grantSeconds(consent, options) });
  grant.addOIDCScope(scopes.join(' '));
  grant.addOIDCClaims(requestedClaims(claims));
  grant.addResourceScope(resourceOf(options.bank.profile.id), scopes.filter((one) => one !== 'openid').join(' '));
  // What the customer was not asked for is refused, or the library would ask again.
  const refused = (scope ?? '').split(' ').filter((one) => one !== '' && !scopes.includes(one));
  if (refused.length > 0) {
    grant.rejectOIDCScope(refused.join(' '));
    grant.rejectResourceScope(resourceOf(options.bank.profile.id), refused.join(' '));
  }
  const grantId = await grant.save();
  await storage.transaction((tx) =>
    artefacts.bindGrant(tx, { grantId, consentId: consent.id, clientId: client.clientId, authorisationId }),
  );
  return {
    login: {
      accountId: partyId,
      acr: performedAcr(claims, requirements),
      amr: ['pwd', 'otp', 'mfa'],
      remember: false,
      ts: Math.floor(wall.now() / MS_PER_SECOND),
    },
    consent: { grantId },
  };
}

/** A scope that names a consent names this one. */
function carries(scope: string, { id, subject }: Consent, requirements: SecurityRequirements): boolean {
  const name = scopeName(scope, requirements);
  const isOther = requirements.scopesNameConsents === true && scope !== `${name ?? ''}:${id}`;
  return name !== undefined && !isOther && (requirements.scopes[name]?.includes(subject.kind) ?? false);
}

/** Two factors were used. A client that asked only for less is told the value it asked for. */
function performedAcr(
  claims: Readonly<Record<string, unknown>> | undefined,
  { acrValues }: SecurityRequirements,
): string {
  const { values } = wantedAcrs({ ...(claims && { claims }) });
  const [best = ''] = acrValues;
  if (values.length === 0 || values.includes(best)) return best;
  return values.find((value) => acrValues.includes(value)) ?? best;
}

function requestedClaims(claims: Readonly<Record<string, unknown>> | undefined): string[] {
  const members = ['id_token', 'userinfo'].flatMap((part) => Object.keys((claims?.[part] as object | undefined) ?? {}));
  return [...new Set(members)];
}
