import { randomUUID } from 'node:crypto';

import { SCA, type ThirdParty } from '../../support/third-party.js';
import { lodgeAccess } from '../../support/uk-bank.js';
import type { Attempt } from './table.js';
import type { World } from './world.js';

/** A consent of lantern, or of another, that waits for its customer. */
export function waiting(world: World, client: ThirdParty = world.lantern): Promise<string> {
  return world.once(`waiting consent of ${client.clientId}`, () => lodgeAccess(client));
}

/** What an authorization request says, whether it is pushed or signed. */
export function requestParameters(client: ThirdParty, consentId: string, scope = 'accounts'): Record<string, string> {
  const hybrid = client.profile === 'fapi1-advanced';
  return {
    client_id: client.clientId,
    response_type: hybrid ? 'code id_token' : 'code',
    redirect_uri: client.tpp.redirectUris[0] ?? '',
    scope: `openid ${scope}`,
    state: randomUUID(),
    nonce: randomUUID(),
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    claims: JSON.stringify(claimsFor(consentId)),
  };
}

export function claimsFor(consentId: string, acr: object = { values: [SCA], essential: true }): object {
  return { id_token: { openbanking_intent_id: { value: consentId, essential: true }, acr } };
}

/** Opens the authorization endpoint as a browser that was never there before. */
export function opens(world: World, parameters: Readonly<Record<string, string>>): Attempt {
  const url = new URL(world.lantern.metadata.authorization_endpoint ?? '');
  url.search = new URLSearchParams(parameters).toString();
  return { send: () => world.raw().send(url, { headers: { accept: 'text/html' } }) };
}
