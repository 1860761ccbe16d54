import { find, findAll, need, textAt, type MessageElement } from './message-element.js';
import type { Fields } from './message-writer.js';
import { fitText } from './text-fitting.js';

/** A code of a published list, or one of the sender's own. */
export type CodeOrProprietary = { readonly code: string } | { readonly proprietary: string };

export interface MessageAddress {
  readonly street?: string;
  readonly building?: string;
  readonly postCode?: string;
  readonly town?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** At most seven, of at most 70 characters each. */
  readonly lines: readonly string[];
}

export interface MessageParty {
  readonly name?: string;
  readonly address?: MessageAddress;
  /** The first identification given: of an organisation (a BIC has no scheme) or of a person. */
  readonly identification?: {
    readonly kind: 'organisation' | 'person';
    readonly id: string;
    readonly scheme?: CodeOrProprietary;
  };
}

export interface MessageAccount {
  readonly scheme: 'iban' | 'other';
  /** An IBAN is in capitals. */
  readonly identification: string;
  readonly currency?: string;
  readonly name?: string;
}

export interface MessageAgent {
  readonly bic?: string;
  readonly name?: string;
  /** Its number in a national clearing. */
  readonly memberId?: string;
  /** Any other identification, such as NOTPROVIDED where no BIC is given. */
  readonly other?: string;
}

export function readCode(element: MessageElement | undefined): CodeOrProprietary | undefined {
  if (!element) return undefined;
  const code = textAt(element, 'Cd');
  return code !== undefined ? { code } : { proprietary: need(element, 'Prtry').text };
}

export function codeFields(code: CodeOrProprietary | undefined): Fields | undefined {
  if (!code) return undefined;
  return 'code' in code ? { Cd: code.code } : { Prtry: code.proprietary };
}

export function readParty(element: MessageElement): MessageParty {
  const name = textAt(element, 'Nm');
  const address = find(element, 'PstlAdr');
  const identification = readIdentification(find(element, 'Id'));
  return {
    ...(name !== undefined && { name }),
    ...(address && { address: readAddress(address) }),
    ...(identification && { identification }),
  };
}

export function partyFields(party: MessageParty | undefined): Fields | undefined {
  if (!party) return undefined;
  return {
    Nm: fitText(party.name, 140),
    PstlAdr: party.address && addressFields(party.address),
    Id: party.identification && identificationFields(party.identification),
  };
}

function readAddress(element: MessageElement): MessageAddress {
  const street = textAt(element, 'StrtNm');
  const building = textAt(element, 'BldgNb');
  const postCode = textAt(element, 'PstCd');
  const town = textAt(element, 'TwnNm');
  const country = textAt(element, 'Ctry');
  return {
    ...(street !== undefined && { street }),
    ...(building !== undefined && { building }),
    ...(postCode !== undefined && { postCode }),
    ...(town !== undefined && { town }),
    ...(country !== undefined && { country }),
    lines: findAll(element, 'AdrLine').map((line) => line.text),
  };
}

function addressFields(address: MessageAddress): Fields {
  return {
    StrtNm: fitText(address.street, 70),
    BldgNb: fitText(address.building, 16),
    PstCd: fitText(address.postCode, 16),
    TwnNm: fitText(address.town, 35),
    Ctry: address.country,
    AdrLine: address.lines.flatMap((line) => fitText(line, 70) ?? []),
  };
}

function readIdentification(element: MessageElement | undefined): MessageParty['identification'] {
  if (!element) return undefined;
  const bic = textAt(element, 'OrgId', 'BICOrBEI');
  if (bic !== undefined) return { kind: 'organisation', id: bic };
  const organisation = find(element, 'OrgId', 'Othr');
  const other = organisation ?? find(element, 'PrvtId', 'Othr');
  if (!other) return undefined;
  const scheme = readCode(find(other, 'SchmeNm'));
  return {
    kind: organisation ? 'organisation' : 'person',
    id: need(other, 'Id').text,
    ...(scheme && { scheme }),
  };
}

function identificationFields(identification: NonNullable<MessageParty['identification']>): Fields {
  const { kind, id, scheme } = identification;
  const other = { Othr: { Id: id, SchmeNm: codeFields(scheme) } };
  if (kind === 'person') return { PrvtId: other };
  const isBic = scheme === undefined && /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/.test(id);
  return { OrgId: isBic ? { BICOrBEI: id } : other };
}

export function readAccount(element: MessageElement): MessageAccount {
  const iban = textAt(element, 'Id', 'IBAN');
  const currency = textAt(element, 'Ccy');
  const name = textAt(element, 'Nm');
  return {
    ...(iban !== undefined
      ? { scheme: 'iban', identification: iban.toUpperCase() }
      : { scheme: 'other', identification: need(element, 'Id', 'Othr', 'Id').text }),
    ...(currency !== undefined && { currency }),
    ...(name !== undefined && { name }),
  };
}

export function accountFields(account: MessageAccount | undefined): Fields | undefined {
  if (!account) return undefined;
  const { scheme, identification } = account;
  return {
    Id: scheme === 'iban' ? { IBAN: identification } : { Othr: { Id: identification } },
    Ccy: account.currency,
    Nm: fitText(account.name, 70),
  };
}

export function readAgent(element: MessageElement): MessageAgent {
  const bic = textAt(element, 'FinInstnId', 'BIC');
  const name = textAt(element, 'FinInstnId', 'Nm');
  const memberId = textAt(element, 'FinInstnId', 'ClrSysMmbId', 'MmbId');
  const other = textAt(element, 'FinInstnId', 'Othr', 'Id');
  return {
    ...(bic !== undefined && { bic }),
    ...(name !== undefined && { name }),
    ...(memberId !== undefined && { memberId }),
    ...(other !== undefined && { other }),
  };
}

export function agentFields(agent: MessageAgent | undefined): Fields | undefined {
  if (!agent) return undefined;
  return {
    FinInstnId: {
      BIC: agent.bic,
      ClrSysMmbId: agent.memberId === undefined ? undefined : { MmbId: agent.memberId },
      Nm: fitText(agent.name, 140),
      Othr: agent.other === undefined ? undefined : { Id: agent.other },
    },
  };
}
